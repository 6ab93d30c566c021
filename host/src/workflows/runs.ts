import { sql } from "kysely";
import { nowMs, type Database, type Tx } from "../db/database";
import { notify } from "../db/notifications";
import { QUEUE, type JobQueue } from "../db/queue";
import { hashOf, newId } from "../encryption";
import { HostError, notFound } from "../errors";
import { stepKey, type Advance } from "./advance";
import type { Definitions } from "./definitions";
import { namespaceOf, type Plan } from "./plan";
import type { StartRuns } from "./start-runs";
import { lockRun, workflowOf } from "./step-job";
import type { StepRows } from "./step-rows";
import type { RunStatus, WorkflowRow, WorkflowRunRow, WorkflowStepRow } from "../db/workflow-tables";

export interface RunsServices {
  db: Database;
  queue: JobQueue;
  steps: StepRows;
  advance: Advance;
  starts: StartRuns;
  definitions: Definitions;
}

export interface RunFilter {
  status?: RunStatus;
  limit: number;
  /** Runs that are older than this one. */
  after?: string;
  from?: number;
  to?: number;
  /** Words in the id, the error or the event. */
  words?: string;
}

/** Most bytes of results and details that are read of one run; steps beyond them are told without. */
const STEPS_BYTES = 16_000_000;
/** Of how many runs the events are read for one search, and how many at a time. */
const SEARCHED = 5000;
const SEARCHED_AT_A_TIME = 250;

/** Runs of workflows: looked at, cancelled, resumed and repeated. */
export class Runs {
  constructor(readonly services: RunsServices) {}

  /** Newest first, without their data. With words, those of the newest 5,000 that match the filter and hold them. */
  async list(
    workflowId: string,
    filter: RunFilter,
  ): Promise<{ runs: WorkflowRunRow[]; waiting: Set<string> }> {
    const words = filter.words?.trim().toLowerCase() ?? "";
    if (words === "") return this.#page(workflowId, filter);
    const runs: WorkflowRunRow[] = [];
    const waiting = new Set<string>();
    let after = filter.after;
    for (let seen = 0; seen < SEARCHED && runs.length < filter.limit; seen += SEARCHED_AT_A_TIME) {
      const page = await this.#page(workflowId, {
        ...filter,
        limit: SEARCHED_AT_A_TIME,
        ...(after === undefined ? {} : { after }),
      });
      for (const run of page.runs)
        if (this.#holds(run, words)) {
          runs.push(run);
          if (page.waiting.has(run.id)) waiting.add(run.id);
        }
      after = page.runs.at(-1)?.id;
      if (page.runs.length < SEARCHED_AT_A_TIME) break;
    }
    return { runs: runs.slice(0, filter.limit), waiting };
  }

  #holds(run: WorkflowRunRow, words: string): boolean {
    const event = JSON.stringify(this.services.starts.eventOf(run)) ?? "";
    return `${run.id}\n${run.error ?? ""}\n${event}`.toLowerCase().includes(words);
  }

  async #page(
    workflowId: string,
    filter: RunFilter,
  ): Promise<{ runs: WorkflowRunRow[]; waiting: Set<string> }> {
    const { db } = this.services;
    const stored = filter.status === "waiting" ? "running" : filter.status;
    const waitingStep = sql<boolean>`exists (select 1 from workflow_steps s where s.run_id = workflow_runs.id and s.status = 'waiting')`;
    const runs = await db
      .selectFrom("workflow_runs")
      .selectAll()
      .where("workflow_id", "=", workflowId)
      .$if(stored !== undefined, (query) => query.where("status", "=", stored ?? "running"))
      .$if(filter.status === "waiting", (query) => query.where(waitingStep))
      .$if(filter.from !== undefined, (query) => query.where("created_at", ">=", filter.from ?? 0))
      .$if(filter.to !== undefined, (query) => query.where("created_at", "<", filter.to ?? 0))
      .$if(filter.after !== undefined, (query) =>
        query.where("seq", "<", (eb) =>
          eb
            .selectFrom("workflow_runs as a")
            .select("a.seq")
            .where("a.id", "=", filter.after ?? ""),
        ),
      )
      .orderBy("seq", "desc")
      .limit(filter.limit)
      .execute();
    const open = runs.filter(({ status }) => status === "running").map(({ id }) => id);
    return { runs, waiting: await this.#waiting(open) };
  }

  /** @throws HostError 404, also for another user's run. */
  async get(id: string, user: string | undefined): Promise<{ run: WorkflowRunRow; workflow: WorkflowRow }> {
    const { db } = this.services;
    const run = await db.selectFrom("workflow_runs").selectAll().where("id", "=", id).executeTakeFirst();
    const workflow =
      run &&
      (await db.selectFrom("workflows").selectAll().where("id", "=", run.workflow_id).executeTakeFirst());
    if (!run || !workflow || (user !== undefined && workflow.external_user_id !== user))
      throw notFound("run", id, "It may have been deleted.");
    return { run, workflow };
  }

  /** The steps in the order in which they began. */
  async steps(runId: string): Promise<(WorkflowStepRow & { is_cut: boolean })[]> {
    const { rows } = await sql<WorkflowStepRow & { is_cut: boolean }>`
      select run_id, path, namespace, status, attempts, reruns, has_sends, error, wait, due_at, resume_hash, encrypted_resume,
        items, next_item, open_items, started_at, finished_at, bytes > ${STEPS_BYTES} as is_cut,
        case when bytes <= ${STEPS_BYTES} then encrypted_result end as encrypted_result,
        case when bytes <= ${STEPS_BYTES} then encrypted_detail end as encrypted_detail
      from (
        select *, sum(coalesce(octet_length(encrypted_result), 0) + coalesce(octet_length(encrypted_detail), 0))
          over (order by started_at nulls last, path) as bytes
        from workflow_steps where run_id = ${runId}
      ) sized order by started_at nulls last, path`.execute(this.services.db);
    return rows;
  }

  async isWaiting(runId: string): Promise<boolean> {
    return (await this.#waiting([runId])).has(runId);
  }

  /** @throws HostError 409 for a run that has ended. */
  async cancel(id: string, user: string | undefined): Promise<void> {
    await this.get(id, user);
    await this.services.db.transaction().execute(async (tx) => {
      const run = await lockRun(tx, id);
      if (!run || (run.status !== "running" && run.status !== "queued"))
        throw new HostError(409, `The run has ended already: it ${run?.status ?? "is gone"}.`);
      await this.services.advance.end(tx, run, "cancelled", {
        name: "Cancelled",
        message: "It was cancelled by hand.",
      });
    });
  }

  /**
   * A new run with the same event: from the start, or from a step, whose earlier steps keep their results.
   *
   * @throws HostError 400 for a step that the definition does not have.
   */
  async retry(
    id: string,
    user: string | undefined,
    options: { from?: string; definition?: "same" | "current" },
  ): Promise<WorkflowRunRow> {
    const { run, workflow } = await this.get(id, user);
    const { db, starts, definitions } = this.services;
    const version = options.definition === "current" ? workflow.version : run.version;
    const { plan } = await definitions.get(db, workflow.id, version);
    const from = options.from === undefined ? undefined : checkedStart(plan, options.from);
    const event = starts.eventOf(run);
    return db.transaction().execute(async (tx) => {
      const again = await starts.start(tx, workflow, {
        triggerName: run.trigger_name,
        eventKey: newId("retry"),
        event,
        retryOf: run.id,
        version,
        ...(from === undefined ? {} : { from, copyOf: run.id }),
      });
      if (!again) throw new Error("A new run had the key of another one.");
      return again;
    });
  }

  /** Goes on with a step that waits. @throws HostError 404, 409. */
  async resume(key: string, data: unknown): Promise<void> {
    await this.#atKey(key, async (tx, run, row) => {
      await tx
        .updateTable("workflow_steps")
        .set({
          encrypted_resume: this.services.steps.encryptResume(row.run_id, row.path, data),
          resume_hash: null,
          due_at: nowMs(),
        })
        .where("run_id", "=", row.run_id)
        .where("path", "=", row.path)
        .execute();
      const workflow = await workflowOf(tx, run.workflow_id);
      await this.services.queue.upsert(tx, QUEUE.workflowSteps, stepKey(row.run_id, row.path), {
        group: workflow?.external_user_id ?? "",
      });
    });
  }

  /**
   * Goes on at once with what a run waits for: a suspended step gets the data, a delay is over.
   *
   * @throws HostError 409 when nothing waits.
   */
  async resumeRun(
    id: string,
    user: string | undefined,
    path: string | undefined,
    data: unknown,
  ): Promise<void> {
    const { workflow } = await this.get(id, user);
    const { db, steps, queue } = this.services;
    await db.transaction().execute(async (tx) => {
      const run = await lockRun(tx, id);
      const waiting = (await this.steps(id)).filter(({ status }) => status === "waiting");
      const found = waiting.find((step) => path === undefined || step.path === path);
      if (run?.status !== "running" || !found)
        throw new HostError(409, "Nothing waits in this run. It went on already, or it has ended.");
      await tx
        .updateTable("workflow_steps")
        .set({
          due_at: nowMs(),
          ...(found.wait === "suspend" || found.wait === "rerun"
            ? { encrypted_resume: steps.encryptResume(id, found.path, data), resume_hash: null }
            : {}),
        })
        .where("run_id", "=", id)
        .where("path", "=", found.path)
        .execute();
      await queue.upsert(tx, QUEUE.workflowSteps, stepKey(id, found.path), {
        group: workflow.external_user_id,
      });
      await notify(tx, { kind: "workflow-run", workflow: run.workflow_id, run: run.id });
    });
  }

  /** Ends the run of a step that waits. @throws HostError 404, 409. */
  async cancelByKey(key: string): Promise<void> {
    await this.#atKey(key, async (tx, run, row) => {
      await this.services.advance.end(tx, run, "cancelled", {
        name: "Cancelled",
        message: `The cancel address of ${row.path} was opened.`,
        step: row.path,
      });
    });
  }

  async #atKey(
    key: string,
    work: (tx: Tx, run: WorkflowRunRow, row: WorkflowStepRow) => Promise<void>,
  ): Promise<void> {
    const { db, steps } = this.services;
    const hash = hashOf(key);
    const found = await db
      .selectFrom("workflow_steps")
      .select(["run_id", "path"])
      .where("resume_hash", "=", hash)
      .executeTakeFirst();
    if (!found)
      throw new HostError(
        404,
        "Nothing waits at this address. The step was resumed already, or its run has ended.",
      );
    await db.transaction().execute(async (tx) => {
      const run = await lockRun(tx, found.run_id);
      const row = await steps.lock(tx, found.run_id, found.path);
      if (run?.status !== "running" || row?.resume_hash !== hash)
        throw new HostError(409, "The step was resumed already, or its run has ended.");
      await work(tx, run, row);
      await notify(tx, { kind: "workflow-run", workflow: run.workflow_id, run: run.id });
    });
  }

  async #waiting(runIds: string[]): Promise<Set<string>> {
    if (runIds.length === 0) return new Set();
    const rows = await this.services.db
      .selectFrom("workflow_steps")
      .select("run_id")
      .distinct()
      .where("run_id", "in", runIds)
      .where("status", "=", "waiting")
      .execute();
    return new Set(rows.map(({ run_id }) => run_id));
  }
}

/** A step to repeat from: one of the workflow's own list or of a branch, since the items of a loop belong to it. */
function checkedStart(plan: Plan, path: string): string {
  const isKnown = plan.has(namespaceOf(path));
  if (isKnown && !path.includes("[")) return path;
  throw new HostError(
    400,
    isKnown
      ? `"${path}" is in a loop. Repeat from the loop itself.`
      : `This version of the workflow has no step "${path}".`,
  );
}
