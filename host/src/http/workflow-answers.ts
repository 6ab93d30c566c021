import type { WorkflowRow, WorkflowRunRow, WorkflowStepRow } from "../db/workflow-tables";
import type { Services } from "./services";

/** A run in a list, without its data. */
export function runSummary(run: WorkflowRunRow, isWaiting: boolean): Record<string, unknown> {
  return {
    id: run.id,
    workflow_id: run.workflow_id,
    version: run.version,
    trigger: run.trigger_name,
    status: run.status === "running" && isWaiting ? "waiting" : run.status,
    error: run.error === null ? null : (JSON.parse(run.error) as unknown),
    retry_of: run.retry_of,
    is_test: run.is_test,
    created_at: iso(run.created_at),
    started_at: iso(run.started_at),
    finished_at: iso(run.finished_at),
  };
}

/** A run with its event and steps. */
export async function runAnswer(
  services: Services,
  run: WorkflowRunRow,
  workflow: WorkflowRow,
): Promise<Record<string, unknown>> {
  const { runs, starts } = services.workflows;
  const steps = await runs.steps(run.id);
  return {
    ...runSummary(
      run,
      steps.some(({ status }) => status === "waiting"),
    ),
    workflow_name: workflow.name,
    event: starts.eventOf(run),
    steps: steps.map((row) => stepAnswer(services, row)),
  };
}

function stepAnswer(services: Services, row: WorkflowStepRow & { is_cut: boolean }): Record<string, unknown> {
  const { steps } = services.workflows;
  const { $return_value, ...exports } = steps.result(row);
  const { input, logs, resume, component, earlier = [] } = steps.detail(row);
  const isWaiting = row.status === "waiting";
  return {
    path: row.path,
    namespace: row.namespace,
    status: row.status,
    attempts: row.attempts,
    earlier_attempts: earlier,
    component: component ?? null,
    input: input ?? null,
    return_value: $return_value ?? null,
    exports,
    logs,
    error: row.error === null ? null : (JSON.parse(row.error) as unknown),
    started_at: iso(row.started_at),
    finished_at: iso(row.finished_at),
    ...(row.is_cut ? { truncated: true } : {}),
    ...(row.items === null ? {} : { items: row.items, items_begun: row.next_item }),
    ...(isWaiting ? { due_at: iso(row.due_at), wait: row.wait } : {}),
    ...(isWaiting && resume !== undefined && row.resume_hash !== null
      ? {
          resume_url: `${services.workflows.address()}/resume/${resume}`,
          cancel_url: `${services.workflows.address()}/cancel/${resume}`,
        }
      : {}),
  };
}

export function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
