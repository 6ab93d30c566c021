import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { nowMs, type Database } from "../db/database";
import { QUEUE, type ClaimedJob, type JobQueue } from "../db/queue";
import type { ComponentRegistry } from "../execution/component-registry";
import type { ConfigurableProp } from "../execution/protocol";
import { messageOf } from "../errors";
import { nextRun, timerEvent } from "../triggers/schedule";
import type { Triggers } from "../triggers/triggers";
import type { AccountNames } from "./account-names";
import { readSchedule, type Definition, type Schedule } from "./definition";
import type { StartRuns } from "./start-runs";
import type { WorkflowRow, WorkflowTriggerRow } from "../db/workflow-tables";

export interface WorkflowTriggersServices {
  db: Database;
  queue: JobQueue;
  registry: ComponentRegistry;
  triggers(): Triggers;
  accounts: AccountNames;
  starts: StartRuns;
}

type DefinedTrigger = Definition["triggers"][number];
const SEPARATOR = "/";

/** What starts a workflow: deployed sources, HTTP addresses and schedules. A trigger keeps its id, address and state while its definition stays. */
export class WorkflowTriggers {
  constructor(readonly services: WorkflowTriggersServices) {}

  async of(workflowId: string): Promise<WorkflowTriggerRow[]> {
    return this.services.db
      .selectFrom("workflow_triggers")
      .selectAll()
      .where("workflow_id", "=", workflowId)
      .orderBy("name")
      .execute();
  }

  /** Makes the triggers as the definition says. @returns what takes that back. */
  async apply(workflow: WorkflowRow, definition: Definition): Promise<() => Promise<void>> {
    const before = await this.of(workflow.id);
    const added: WorkflowTriggerRow[] = [];
    const undo = async (): Promise<void> => {
      for (const row of added) await this.#remove(row, workflow.external_user_id);
    };
    try {
      for (const trigger of definition.triggers) {
        const known = before.find(({ name }) => name === trigger.id);
        if (known?.fingerprint === fingerprintOf(trigger)) continue;
        if (
          known?.kind === "source" &&
          kindOf(trigger) === "source" &&
          known.trigger_id !== null &&
          (await this.#isSame(known.trigger_id, trigger))
        ) {
          await this.#change(known.trigger_id, trigger, workflow);
          await this.services.db
            .updateTable("workflow_triggers")
            .set({ fingerprint: fingerprintOf(trigger) })
            .where("workflow_id", "=", workflow.id)
            .where("name", "=", trigger.id)
            .execute();
          continue;
        }
        const kept = known?.kind === kindOf(trigger) ? known : undefined;
        if (known) await this.#remove(known, workflow.external_user_id);
        added.push(await this.#add(workflow, trigger, kept?.endpoint_key ?? null));
      }
    } catch (error) {
      await undo();
      throw error;
    }
    const names = new Set(definition.triggers.map(({ id }) => id));
    for (const row of before) if (!names.has(row.name)) await this.#remove(row, workflow.external_user_id);
    return undo;
  }

  /** Starts or pauses the sources and schedules of a workflow. */
  async activate(workflow: WorkflowRow, enabled: boolean): Promise<void> {
    for (const row of await this.of(workflow.id)) {
      if (row.trigger_id !== null)
        await this.services.triggers().update(row.trigger_id, workflow.external_user_id, { active: enabled });
      if (row.kind === "schedule" && enabled) await this.#wake(row);
    }
  }

  async remove(workflowId: string, user: string): Promise<void> {
    for (const row of await this.of(workflowId)) await this.#remove(row, user);
  }

  /** The workflow behind an HTTP address. */
  async atEndpoint(key: string): Promise<WorkflowTriggerRow | undefined> {
    return this.services.db
      .selectFrom("workflow_triggers")
      .selectAll()
      .where("endpoint_key", "=", key)
      .executeTakeFirst();
  }

  /** Starts the run of a schedule that is due, and sets its next time, in one transaction. */
  async runSchedule(job: ClaimedJob): Promise<void> {
    const { db, queue, starts } = this.services;
    const [workflowId = "", name = ""] = (job.singletonKey ?? "").split(SEPARATOR);
    await db.transaction().execute(async (tx) => {
      if (!(await queue.finish(tx, job))) return;
      const row = await tx
        .selectFrom("workflow_triggers")
        .selectAll()
        .where("workflow_id", "=", workflowId)
        .where("name", "=", name)
        .executeTakeFirst();
      const workflow = await tx
        .selectFrom("workflows")
        .selectAll()
        .where("id", "=", workflowId)
        .executeTakeFirst();
      if (!row || row.schedule === null || !workflow?.enabled) return;
      const schedule = JSON.parse(row.schedule) as Schedule;
      const { rows } = await sql<{ now: number }>`select now_ms() as now`.execute(tx);
      const now = rows[0]?.now ?? Date.now();
      const due = new Date(job.startAfter).getTime();
      await starts.start(tx, workflow, {
        triggerName: name,
        eventKey: `${name}@${due}`,
        event: timerEvent(schedule, now),
      });
      await queue.upsert(tx, QUEUE.workflowSchedules, job.singletonKey ?? "", {
        startAfter: nextRun(schedule, due, now),
      });
    });
  }

  async #add(
    workflow: WorkflowRow,
    trigger: DefinedTrigger,
    endpointKey: string | null,
  ): Promise<WorkflowTriggerRow> {
    const kind = kindOf(trigger);
    const row: WorkflowTriggerRow = {
      workflow_id: workflow.id,
      name: trigger.id,
      kind,
      fingerprint: fingerprintOf(trigger),
      trigger_id: kind === "source" ? await this.#deploy(workflow, trigger) : null,
      endpoint_key: kind === "http" ? (endpointKey ?? randomBytes(16).toString("hex")) : null,
      response: kind === "http" ? responseOf(trigger) : null,
      schedule: kind === "schedule" ? JSON.stringify(trigger.props) : null,
    };
    await this.services.db.insertInto("workflow_triggers").values(row).execute();
    if (kind === "schedule" && workflow.enabled) await this.#wake(row);
    return row;
  }

  async #deploy(workflow: WorkflowRow, trigger: DefinedTrigger): Promise<string> {
    const { registry, accounts } = this.services;
    const component = await registry.component(trigger.uses.split("@")[0] ?? "");
    if (!component) throw new Error(`The source ${trigger.uses} is not installed here.`);
    const user = workflow.external_user_id;
    const row = await this.services.triggers().deploy({
      component,
      user,
      configuredProps: await accounts.resolve(component.props, trigger.props ?? {}, user),
      name: `${workflow.name}: ${component.name}`,
      workflowId: workflow.id,
      // What was there before the workflow is no news for it.
      emitOnDeploy: false,
    });
    if (!workflow.enabled) await this.services.triggers().update(row.id, user, { active: false });
    return row.id;
  }

  async #isSame(triggerId: string, trigger: DefinedTrigger): Promise<boolean> {
    const row = await this.services
      .triggers()
      .get(triggerId, undefined)
      .catch(() => undefined);
    return row?.component_key === trigger.uses.split("@")[0];
  }

  async #change(triggerId: string, trigger: DefinedTrigger, workflow: WorkflowRow): Promise<void> {
    const { registry, accounts } = this.services;
    const props: ConfigurableProp[] =
      (await registry.component(trigger.uses.split("@")[0] ?? ""))?.props ?? [];
    const configuredProps = await accounts.resolve(props, trigger.props ?? {}, workflow.external_user_id);
    await this.services.triggers().update(triggerId, workflow.external_user_id, { configuredProps });
  }

  async #remove(row: WorkflowTriggerRow, user: string): Promise<void> {
    if (row.trigger_id !== null)
      await this.services
        .triggers()
        .delete(row.trigger_id, user, true)
        .catch((error: unknown) => {
          if (!/not found|deleted/i.test(messageOf(error))) throw error;
        });
    await this.services.db
      .deleteFrom("workflow_triggers")
      .where("workflow_id", "=", row.workflow_id)
      .where("name", "=", row.name)
      .execute();
  }

  async #wake(row: WorkflowTriggerRow): Promise<void> {
    const read = readSchedule(row.schedule === null ? undefined : JSON.parse(row.schedule));
    if ("reason" in read) return;
    const { schedule } = read;
    await this.services.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ now: number }>`select ${nowMs()} as now`.execute(tx);
      const now = rows[0]?.now ?? Date.now();
      const first =
        "intervalSeconds" in schedule ? now + schedule.intervalSeconds * 1000 : nextRun(schedule, now, now);
      await this.services.queue.upsert(tx, QUEUE.workflowSchedules, row.workflow_id + SEPARATOR + row.name, {
        startAfter: first,
      });
    });
  }
}

function kindOf({ uses }: DefinedTrigger): WorkflowTriggerRow["kind"] {
  return uses === "http" || uses === "schedule" ? uses : "source";
}

function responseOf({ response, props }: DefinedTrigger): "on_receipt" | "from_workflow" {
  return (response ?? props?.response) === "from_workflow" ? "from_workflow" : "on_receipt";
}

function fingerprintOf({ uses, props, response }: DefinedTrigger): string {
  return createHash("sha256")
    .update(JSON.stringify([uses, props ?? {}, response ?? null]))
    .digest("hex");
}
