import { nowMs, type Tx } from "../db/database";
import { notify } from "../db/notifications";
import { QUEUE, type JobQueue } from "../db/queue";
import type { Next, Plan } from "./plan";
import type { StepError, StepResult, StepRows } from "./step-rows";
import type { WorkflowRunRow } from "../db/workflow-tables";

/** The key of a step's job. */
export const stepKey = (runId: string, path: string): string => `${runId}:${path}`;

export function stepOfKey(key: string): { runId: string; path: string } {
  const colon = key.indexOf(":");
  return { runId: key.slice(0, colon), path: key.slice(colon + 1) };
}

export interface AdvanceServices {
  queue: JobQueue;
  steps: StepRows;
  /** What follows when a run ended, in the same transaction: the next of those that wait, an error workflow, what it sends. */
  onEnd(tx: Tx, run: WorkflowRunRow): Promise<void>;
  /** Most bytes of a loop's list of results. */
  resultBytes: number;
}

/** Moves runs from step to step. Each move is in the transaction that stores what the step before came to; the run's row is locked by the caller. */
export class Advance {
  constructor(readonly services: AdvanceServices) {}

  /** Makes the step's row and its job. */
  async enqueue(tx: Tx, run: WorkflowRunRow, path: string, user: string): Promise<void> {
    await this.services.steps.add(tx, run.id, path);
    await this.services.queue.upsert(tx, QUEUE.workflowSteps, stepKey(run.id, path), { group: user });
  }

  /** Goes on to what comes after a step; a test of that step alone ends. */
  async after(tx: Tx, run: WorkflowRunRow, plan: Plan, path: string, user: string): Promise<void> {
    if (run.only_path === path) return this.end(tx, run, "succeeded");
    return this.to(tx, run, plan, plan.after(path), user);
  }

  /** Goes on to what comes next. */
  async to(tx: Tx, run: WorkflowRunRow, plan: Plan, next: Next, user: string): Promise<void> {
    if (next.kind === "step") return this.enqueue(tx, run, next.path, user);
    if (next.kind === "end") return this.end(tx, run, "succeeded");
    return this.#itemEnded(tx, run, plan, next.loop, user);
  }

  /** Starts a loop: its first items, as many at a time as it allows. */
  async beginLoop(
    tx: Tx,
    run: WorkflowRunRow,
    plan: Plan,
    path: string,
    items: unknown[],
    user: string,
  ): Promise<void> {
    const step = plan.step(path);
    const open = Math.min(items.length, "forEach" in step ? step.concurrency : 1);
    // The items are kept with the loop, so that each reads the same list, whatever its source has become.
    await tx
      .updateTable("workflow_steps")
      .set({
        status: "running",
        items: items.length,
        next_item: open,
        open_items: open,
        encrypted_resume: this.services.steps.encryptResume(run.id, path, items),
      })
      .where("run_id", "=", run.id)
      .where("path", "=", path)
      .execute();
    if (items.length === 0) return this.#loopEnded(tx, run, plan, path, 0, user);
    for (let index = 0; index < open; index++) await this.enqueue(tx, run, plan.intoItem(path, index), user);
  }

  /** Ends the run. Steps that have not begun are not begun any more. */
  async end(
    tx: Tx,
    run: WorkflowRunRow,
    status: "succeeded" | "failed" | "cancelled",
    error?: StepError & { step?: string },
  ): Promise<void> {
    await tx
      .updateTable("workflow_runs")
      .set({ status, finished_at: nowMs(), error: error ? JSON.stringify(error) : null })
      .where("id", "=", run.id)
      .execute();
    await tx
      .updateTable("workflow_steps")
      .set({ status: "cancelled", finished_at: nowMs(), wait: null, due_at: null, resume_hash: null })
      .where("run_id", "=", run.id)
      .where("status", "in", ["queued", "waiting", "running"])
      .execute();
    const ended: WorkflowRunRow = { ...run, status, error: error ? JSON.stringify(error) : null };
    await this.services.onEnd(tx, ended);
    await notify(tx, { kind: "workflow-run", workflow: run.workflow_id, run: run.id });
  }

  async #itemEnded(tx: Tx, run: WorkflowRunRow, plan: Plan, loop: string, user: string): Promise<void> {
    const row = await this.services.steps.lock(tx, run.id, loop);
    if (!row || row.items === null || row.next_item === null || row.open_items === null) return;
    const hasNext = row.next_item < row.items;
    const open = row.open_items - (hasNext ? 0 : 1);
    await tx
      .updateTable("workflow_steps")
      .set({ next_item: hasNext ? row.next_item + 1 : row.next_item, open_items: open })
      .where("run_id", "=", run.id)
      .where("path", "=", loop)
      .execute();
    if (hasNext) return this.enqueue(tx, run, plan.intoItem(loop, row.next_item), user);
    if (open === 0) await this.#loopEnded(tx, run, plan, loop, row.items, user);
  }

  /** The loop's result is a list with what the last step of each item returned. */
  async #loopEnded(
    tx: Tx,
    run: WorkflowRunRow,
    plan: Plan,
    loop: string,
    items: number,
    user: string,
  ): Promise<void> {
    const step = plan.step(loop);
    const last = "forEach" in step ? step.steps.at(-1)?.namespace : undefined;
    const { result, note } = await this.#collect(tx, run.id, loop, last ?? "", items);
    await this.services.steps.settle(tx, run.id, loop, {
      status: "succeeded",
      result,
      detail: { logs: note === undefined ? [] : [{ ts: Date.now(), level: "warn", message: note }] },
    });
    await this.after(tx, run, plan, loop, user);
  }

  async #collect(
    tx: Tx,
    runId: string,
    loop: string,
    last: string,
    items: number,
  ): Promise<{ result: StepResult; note?: string }> {
    const values: unknown[] = Array.from({ length: items }, () => null);
    let bytes = 0;
    const found = await tx
      .selectFrom("workflow_steps")
      .select(["run_id", "path", "encrypted_result"])
      .where("run_id", "=", runId)
      .where("namespace", "=", last)
      .where("encrypted_result", "is not", null)
      .execute();
    for (const row of found) {
      const { path, encrypted_result } = row;
      const index = new RegExp(`^${escapeRegExp(loop)}\\[(\\d+)\\]\\.${last}$`).exec(path)?.[1];
      if (index === undefined || encrypted_result === null) continue;
      bytes += encrypted_result.length;
      if (bytes > this.services.resultBytes)
        return {
          result: { $return_value: null, $summary: `${items} items` },
          note: `The results of ${items} items are larger than ${(this.services.resultBytes / 1e6).toFixed(0)} MB together, so the loop has no list of them. Each item keeps its own.`,
        };
      values[Number(index)] = this.services.steps.result(row).$return_value ?? null;
    }
    return { result: { $return_value: values, $summary: `${items} items` } };
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
