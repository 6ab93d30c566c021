import type { Tx } from "../db/database";
import { newId } from "../encryption";
import type { Sends } from "./sends";
import type { StartRuns } from "./start-runs";
import type { WorkflowRunRow } from "../db/workflow-tables";

export interface AfterRunServices {
  starts: StartRuns;
  sends: Sends;
  address(): string;
}

/** What follows from the end of a run: what its steps send, and the workflow that is for failures. */
export async function afterRun(tx: Tx, services: AfterRunServices, run: WorkflowRunRow): Promise<void> {
  await services.sends.enqueue(tx, run.id);
  if (run.status !== "failed" || run.is_test) return;
  const { settings } = await services.starts.services.definitions.get(tx, run.workflow_id, run.version);
  if (settings.errorWorkflow === undefined) return;
  const failed = await tx
    .selectFrom("workflows")
    .selectAll()
    .where("id", "=", run.workflow_id)
    .executeTakeFirst();
  const handler =
    failed &&
    (await tx
      .selectFrom("workflows")
      .selectAll()
      .where("external_user_id", "=", failed.external_user_id)
      .where((eb) =>
        eb.or([eb("id", "=", settings.errorWorkflow ?? ""), eb("name", "=", settings.errorWorkflow ?? "")]),
      )
      .executeTakeFirst());
  // One that handles its own failures would go on for ever.
  if (!handler?.enabled || handler.id === failed?.id) return;
  await services.starts.start(tx, handler, {
    triggerName: null,
    eventKey: `error:${run.id}:${newId("e")}`,
    depth: run.depth + 1,
    event: {
      workflow: { id: failed?.id, name: failed?.name },
      run: { id: run.id, url: `${services.address()}/#/workflows/${run.workflow_id}/runs/${run.id}` },
      error: run.error === null ? null : (JSON.parse(run.error) as unknown),
    },
  });
}
