import { nowMs, type Database, type Tx } from "../db/database";
import { notify } from "../db/notifications";
import { QUEUE, type ClaimedJob, type JobQueue } from "../db/queue";
import { storePatiently } from "../db/unavailable";
import { hashOf, type Encryption } from "../encryption";
import type { ComponentRegistry } from "../execution/component-registry";
import { stepKey, stepOfKey, type Advance } from "./advance";
import type { Step } from "./definition";
import type { Definitions, ReadyVersion } from "./definitions";
import { idempotencyKey, type PerformStep, type StepOutcome, type StepTask } from "./perform-step";
import { storeReply } from "./replies";
import type { StartRuns } from "./start-runs";
import { StepData } from "./step-data";
import type { EarlierAttempt, StepDetail, StepError, StepRows } from "./step-rows";
import type { WorkflowRow, WorkflowRunRow, WorkflowStepRow } from "../db/workflow-tables";
import type { Variables } from "./variables";

export interface StepJobServices {
  db: Database;
  queue: JobQueue;
  encryption: Encryption;
  registry: ComponentRegistry;
  definitions: Definitions;
  steps: StepRows;
  advance: Advance;
  perform: PerformStep;
  starts: StartRuns;
  variables: Variables;
}

interface Begun {
  workflow: WorkflowRow;
  run: WorkflowRunRow;
  row: WorkflowStepRow;
  version: ReadyVersion;
  step: Step;
  /** The attempts that failed before this one. */
  earlier: EarlierAttempt[];
  /** Already decided, without running anything. */
  decided?: StepOutcome;
}

/** An attempt that lost its job, or whose run ended: its transaction is rolled back and nothing of it is kept. */
class Superseded extends Error {}

/**
 * Runs the step of a job: notes the attempt, does the step, and stores its result with the next step's job in one transaction, which
 * only the attempt that still has the job can commit.
 */
export class StepJob {
  constructor(readonly services: StepJobServices) {}

  async run(job: ClaimedJob): Promise<void> {
    const { runId, path } = stepOfKey(job.singletonKey ?? "");
    try {
      const begun = await this.#begin(job, runId, path);
      if (!begun) return;
      const outcome = begun.decided ?? (await this.services.perform.run(await this.#task(begun)));
      await this.#end(job, begun, outcome);
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
    }
  }

  /** Notes the attempt. Undefined when there is nothing to do any more. */
  async #begin(job: ClaimedJob, runId: string, path: string): Promise<Begun | undefined> {
    const { db, queue, definitions, steps } = this.services;
    return db.transaction().execute(async (tx) => {
      if (!(await queue.holds(tx, job))) throw new Superseded();
      const run = await lockRun(tx, runId);
      const row = await steps.lock(tx, runId, path);
      const workflow = run && (await workflowOf(tx, run.workflow_id));
      if (!run || !row || !workflow || run.status !== "running" || isOver(row)) {
        await queue.finish(tx, job);
        return undefined;
      }
      const version = await definitions.get(tx, run.workflow_id, run.version);
      const step = version.plan.step(path);
      if (row.status === "waiting" && row.wait !== "retry" && row.wait !== "rerun") {
        await this.#waited(tx, job, { workflow, run, row, version, step, earlier: [] });
        return undefined;
      }
      const wasLost = row.status === "running";
      await steps.begin(tx, runId, path);
      await notify(tx, { kind: "workflow-run", workflow: workflow.id, run: run.id });
      const earlier = steps.earlierOf(row);
      const begun = { workflow, run, row: { ...row, attempts: row.attempts + 1 }, version, step, earlier };
      if (!wasLost || (await this.#mayRepeat(step))) return begun;
      return { ...begun, decided: lost() };
    });
  }

  /** A delay that is over goes on; a suspended step that nobody resumed in time cancels its run. */
  async #waited(tx: Tx, job: ClaimedJob, begun: Begun): Promise<void> {
    const { run, row, version, workflow } = begun;
    const { queue, steps, advance } = this.services;
    if (!(await queue.finish(tx, job))) throw new Superseded();
    if (row.wait === "suspend" && row.encrypted_resume === null) {
      await steps.settle(tx, run.id, row.path, { status: "cancelled" });
      return advance.end(tx, run, "cancelled", {
        name: "NotResumed",
        message: `Nobody opened the resume address of ${row.path} in time.`,
        step: row.path,
      });
    }
    const kept = steps.result(row);
    const resumed =
      row.wait === "suspend" && row.encrypted_resume !== null ? { $resume_data: steps.resumeData(row) } : {};
    await steps.settle(tx, run.id, row.path, { status: "succeeded", result: { ...kept, ...resumed } });
    await advance.after(tx, run, version.plan, row.path, workflow.external_user_id);
  }

  async #task({ workflow, run, row, version, step }: Begun): Promise<StepTask> {
    const { db, steps, starts, variables } = this.services;
    const event = starts.eventOf(run);
    const context = {
      id: run.id,
      ts: new Date(run.created_at).toISOString(),
      trigger: run.trigger_name,
      workflow_id: workflow.id,
    };
    const data = new StepData(
      db,
      steps,
      run,
      version.plan,
      row.path,
      { event, context },
      {
        env: await variables.of(workflow.external_user_id),
        context: { ...context, idempotency_key: idempotencyKey(run.id, row.path), attempt: row.attempts },
      },
    );
    const rerun =
      row.reruns === 0
        ? {}
        : {
            rerun: {
              runs: row.reruns,
              context: steps.detail(row).context,
              ...(row.encrypted_resume === null ? {} : { request: steps.resumeData(row) }),
            },
          };
    return { workflow, run, row, step, data, ...rerun };
  }

  async #end(job: ClaimedJob, begun: Begun, ended: StepOutcome): Promise<void> {
    const { db, queue, steps } = this.services;
    const { earlier } = begun;
    const outcome = earlier.length === 0 ? ended : { ...ended, detail: { ...ended.detail, earlier } };
    const end = async (tx: Tx): Promise<void> => {
      if (!(await queue.finish(tx, job))) throw new Superseded();
      const run = await lockRun(tx, begun.run.id);
      if (!run) throw new Superseded();
      const { path } = begun.row;
      if (run.status !== "running") {
        // It was cancelled meanwhile: what was done is shown, and nothing follows from it.
        await steps.settle(tx, run.id, path, { status: "cancelled", detail: outcome.detail });
        return;
      }
      await this.#settle(tx, { ...begun, run }, outcome);
      await notify(tx, { kind: "workflow-run", workflow: run.workflow_id, run: run.id });
    };
    // A step that was done must not count as interrupted because the database was away for a moment.
    await storePatiently(() => db.transaction().execute(end));
  }

  async #settle(tx: Tx, begun: Begun, outcome: StepOutcome): Promise<void> {
    const { run, row, version, workflow } = begun;
    const { steps, advance } = this.services;
    const { plan } = version;
    const { detail } = outcome;
    if ("reply" in outcome && outcome.reply)
      await storeReply(tx, this.services.encryption, run.id, outcome.reply);
    switch (outcome.kind) {
      case "failed":
        return this.#failed(tx, begun, outcome.error, outcome);
      case "skipped":
        await steps.settle(tx, run.id, row.path, { status: "skipped", detail });
        return advance.after(tx, run, plan, row.path, workflow.external_user_id);
      case "done":
        await steps.settle(tx, run.id, row.path, { status: "succeeded", result: outcome.result, detail });
        return advance.after(tx, run, plan, row.path, workflow.external_user_id);
      case "exit":
        await steps.settle(tx, run.id, row.path, { status: "succeeded", result: outcome.result, detail });
        return advance.end(tx, run, "succeeded");
      case "branch":
        await steps.settle(tx, run.id, row.path, {
          status: "succeeded",
          result: { $return_value: outcome.arm },
          detail,
        });
        return advance.to(tx, run, plan, plan.intoArm(row.path, outcome.arm), workflow.external_user_id);
      case "loop":
        await steps.settle(tx, run.id, row.path, { status: "running", detail });
        return advance.beginLoop(tx, run, plan, row.path, outcome.items, workflow.external_user_id);
      case "pause":
        return this.#pause(tx, begun, outcome);
    }
  }

  async #pause(
    tx: Tx,
    { run, row, version, workflow }: Begun,
    outcome: Extract<StepOutcome, { kind: "pause" }>,
  ): Promise<void> {
    const { steps, advance } = this.services;
    if (outcome.wait === "rerun" && row.reruns >= (outcome.maxReruns ?? 0)) {
      await steps.settle(tx, run.id, row.path, {
        status: "succeeded",
        result: outcome.result,
        detail: outcome.detail,
      });
      return advance.after(tx, run, version.plan, row.path, workflow.external_user_id);
    }
    await steps.settle(tx, run.id, row.path, {
      status: "waiting",
      result: outcome.result,
      detail: outcome.detail,
    });
    await tx
      .updateTable("workflow_steps")
      .set((eb) => ({
        wait: outcome.wait,
        due_at: eb(nowMs(), "+", Math.round(outcome.ms)),
        resume_hash: outcome.resumeKey === undefined ? null : hashOf(outcome.resumeKey),
        encrypted_resume: null,
        reruns: eb("reruns", "+", outcome.wait === "rerun" ? 1 : 0),
      }))
      .where("run_id", "=", run.id)
      .where("path", "=", row.path)
      .execute();
    await this.#wakeAtDue(tx, run.id, row.path, workflow.external_user_id);
  }

  async #failed(
    tx: Tx,
    begun: Begun,
    error: StepError,
    outcome: { detail: StepDetail; result?: Record<string, unknown> },
  ): Promise<void> {
    const { run, row, version, step, workflow } = begun;
    const { steps, advance } = this.services;
    const retry = "retry" in step ? step.retry : undefined;
    if (retry && row.attempts < retry.attempts) {
      await steps.settle(tx, run.id, row.path, { status: "waiting", error, detail: outcome.detail });
      const pauseMs = Math.min(retry.delaySeconds * 2 ** (row.attempts - 1), 86_400) * 1000;
      await tx
        .updateTable("workflow_steps")
        .set((eb) => ({ wait: "retry" as const, due_at: eb(nowMs(), "+", Math.round(pauseMs)) }))
        .where("run_id", "=", run.id)
        .where("path", "=", row.path)
        .execute();
      return this.#wakeAtDue(tx, run.id, row.path, workflow.external_user_id);
    }
    await steps.settle(tx, run.id, row.path, {
      status: "failed",
      error,
      detail: outcome.detail,
      ...(outcome.result === undefined ? {} : { result: outcome.result }),
    });
    const onError = ("onError" in step ? step.onError : undefined) ?? version.settings.onError;
    if (onError === "continue")
      return advance.after(tx, run, version.plan, row.path, workflow.external_user_id);
    return advance.end(tx, run, "failed", { ...error, step: row.path });
  }

  async #wakeAtDue(tx: Tx, runId: string, path: string, user: string): Promise<void> {
    const { due_at } = await tx
      .selectFrom("workflow_steps")
      .select("due_at")
      .where("run_id", "=", runId)
      .where("path", "=", path)
      .executeTakeFirstOrThrow();
    await this.services.queue.upsert(tx, QUEUE.workflowSteps, stepKey(runId, path), {
      group: user,
      ...(due_at === null ? {} : { startAfter: due_at }),
    });
  }

  /**
   * Whether a step whose attempt was lost is done again by itself. One that may have changed something outside is not, unless it says that
   * it is safe, its user says so with `retry`, or it hands on the key that its attempts share.
   */
  async #mayRepeat(step: Step): Promise<boolean> {
    if (!("uses" in step || "code" in step) || step.retry) return true;
    if (JSON.stringify(step.props ?? {}).includes("context.idempotency_key")) return true;
    if ("code" in step) return step.code.includes("idempotency_key");
    const component = await this.services.registry.component(step.uses.split("@")[0] ?? "");
    const { readOnlyHint, idempotentHint } = component?.annotations ?? {};
    return readOnlyHint === true || idempotentHint === true;
  }
}

function lost(): StepOutcome {
  return {
    kind: "failed",
    detail: { logs: [] },
    error: {
      name: "Interrupted",
      message:
        "The host ended during this step. It may have been done, so it is not repeated by itself. See whether it was, and use Repeat from here; or give the step retry, or context.idempotency_key as its correlation id, when it is safe to repeat.",
    },
  };
}

/** The run, locked until the transaction ends: moves of one run come one after the other. */
export async function lockRun(tx: Tx, id: string): Promise<WorkflowRunRow | undefined> {
  return tx.selectFrom("workflow_runs").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}

export async function workflowOf(tx: Tx, id: string): Promise<WorkflowRow | undefined> {
  return tx.selectFrom("workflows").selectAll().where("id", "=", id).executeTakeFirst();
}

function isOver({ status }: WorkflowStepRow): boolean {
  return status === "succeeded" || status === "failed" || status === "skipped" || status === "cancelled";
}
