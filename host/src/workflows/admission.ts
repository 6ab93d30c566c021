import { sql } from "kysely";
import { nowMs, type Database } from "../db/database";
import { QUEUE, type ClaimedJob, type JobQueue } from "../db/queue";
import type { Advance } from "./advance";
import type { Definitions } from "./definitions";
import { evaluateValue } from "./expressions/evaluate-values";
import type { ExpressionEvaluator } from "./expressions/evaluator";
import type { StartRuns } from "./start-runs";
import { workflowOf } from "./step-job";
import type { Variables } from "./variables";

export interface AdmissionServices {
  db: Database;
  queue: JobQueue;
  definitions: Definitions;
  advance: Advance;
  starts: StartRuns;
  evaluator: ExpressionEvaluator;
  variables: Variables;
}

/** Runs whose order is found at a time. */
const BATCH = 200;

/** Lets waiting runs begin, as many as the workflow allows, and those of one key one after the other. */
export class Admission {
  constructor(readonly services: AdmissionServices) {}

  async run(job: ClaimedJob): Promise<void> {
    const workflowId = job.singletonKey ?? "";
    await this.#findOrder(workflowId);
    const { db, queue, definitions, advance } = this.services;
    await db.transaction().execute(async (tx) => {
      if (!(await queue.finish(tx, job))) return;
      const workflow = await workflowOf(tx, workflowId);
      if (!workflow) return;
      // One admission of a workflow at a time, and none beside a change of it.
      await tx.selectFrom("workflows").select("id").where("id", "=", workflowId).forUpdate().execute();
      const { settings } = await definitions.get(tx, workflowId, workflow.version);
      const running = await tx
        .selectFrom("workflow_runs")
        .select(({ fn }) => fn.countAll<number>().as("n"))
        .where("workflow_id", "=", workflowId)
        .where("status", "=", "running")
        .executeTakeFirstOrThrow();
      const free = Math.min((settings.concurrency ?? 1000) - Number(running.n), BATCH);
      if (free <= 0) return;
      const { rows } = await sql<{ id: string }>`
        select id from workflow_runs r
        where workflow_id = ${workflowId} and status = 'queued' and (${settings.orderBy === undefined} or order_key is not null)
          and not exists (
            select 1 from workflow_runs b where b.workflow_id = ${workflowId} and b.status in ('queued', 'running')
              and b.order_key = r.order_key and b.seq < r.seq)
        order by seq limit ${free}`.execute(tx);
      for (const { id } of rows) {
        const run = await tx
          .updateTable("workflow_runs")
          .set({ status: "running", started_at: nowMs() })
          .where("id", "=", id)
          .returningAll()
          .executeTakeFirstOrThrow();
        const { plan } = await definitions.get(tx, workflowId, run.version);
        // A run that repeats from a step has that step's row already.
        const from = await tx
          .selectFrom("workflow_steps")
          .select("path")
          .where("run_id", "=", id)
          .where("status", "=", "queued")
          .executeTakeFirst();
        await advance.enqueue(tx, run, from?.path ?? plan.first(), workflow.external_user_id);
      }
    });
  }

  /** Evaluates `orderBy` for the runs that wait; one that has no value gets the key of its own run. */
  async #findOrder(workflowId: string): Promise<void> {
    const { db, definitions, starts, evaluator, variables } = this.services;
    for (;;) {
      const runs = await db
        .selectFrom("workflow_runs")
        .selectAll()
        .where("workflow_id", "=", workflowId)
        .where("status", "=", "queued")
        .where("order_key", "is", null)
        .orderBy("seq")
        .limit(BATCH)
        .execute();
      if (runs.length === 0) return;
      const workflow = await db
        .selectFrom("workflows")
        .selectAll()
        .where("id", "=", workflowId)
        .executeTakeFirst();
      if (!workflow) return;
      const env = await variables.of(workflow.external_user_id);
      for (const run of runs) {
        const { settings } = await definitions.get(db, workflowId, run.version);
        if (settings.orderBy === undefined) return;
        const trigger = JSON.stringify({ event: starts.eventOf(run) });
        const key = await evaluateValue(
          evaluator,
          settings.orderBy,
          { names: ["trigger"], load: () => trigger, variables: { env } },
          "orderBy",
        )
          .then((value) => (value === undefined || value === null ? run.id : JSON.stringify(value)))
          .catch(() => run.id);
        await db.updateTable("workflow_runs").set({ order_key: key }).where("id", "=", run.id).execute();
      }
    }
  }
}

/** Looks for runs that may begin, when one of a workflow with limits has ended. */
export async function admitNext(
  tx: Parameters<JobQueue["upsert"]>[0],
  queue: JobQueue,
  workflowId: string,
): Promise<void> {
  await queue.upsert(tx, QUEUE.workflowAdmission, workflowId);
}
