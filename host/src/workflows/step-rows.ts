import type { Queryable, Tx } from "../db/database";
import { nowMs } from "../db/database";
import type { Encryption } from "../encryption";
import type { LogEntry } from "../execution/protocol";
import { namespaceOf } from "./plan";
import type { StepStatus, WorkflowStepRow } from "../db/workflow-tables";

/** What later steps read of a step, under `steps.<namespace>`. */
export type StepResult = Record<string, unknown>;

/** What only people read of a step, and what it waits with. */
export interface StepDetail {
  /** Props as they were evaluated. */
  input?: unknown;
  logs: LogEntry[];
  /** Kept by `$.flow.rerun`, and handed back in `$.context.run`. */
  context?: unknown;
  /** The key of its resume and cancel addresses, while it waits. */
  resume?: string;
  /** Sent when the run has ended. */
  sends?: { type: string; config: unknown }[];
  /** KEY@VERSION of the component that ran. */
  component?: string;
  /** The attempts before the last one, oldest first. */
  earlier?: EarlierAttempt[];
}

/** An attempt that failed and was followed by another one. */
export interface EarlierAttempt {
  attempt: number;
  error: StepError;
  logs: LogEntry[];
}

export interface StepError {
  name: string;
  message: string;
  stack?: string;
}

/** Of a step that is tried very often, the last attempts are kept, each with the end of its log. */
const KEPT_ATTEMPTS = 20;
const KEPT_LOGS = 100;

const RESULT = "workflow step result";
const DETAIL = "workflow step detail";
const RESUME = "workflow resume data";

/** Reads and writes the rows of steps, whose data are encrypted. */
export class StepRows {
  constructor(readonly encryption: Encryption) {}

  /** Makes the row of a step that is about to be run. One that is there stays. */
  async add(tx: Tx, runId: string, path: string): Promise<void> {
    await tx
      .insertInto("workflow_steps")
      .values({ run_id: runId, path, namespace: namespaceOf(path), status: "queued" })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** The row, locked until the transaction ends. */
  async lock(tx: Tx, runId: string, path: string): Promise<WorkflowStepRow | undefined> {
    return tx
      .selectFrom("workflow_steps")
      .selectAll()
      .where("run_id", "=", runId)
      .where("path", "=", path)
      .forUpdate()
      .executeTakeFirst();
  }

  /** Notes that an attempt begins. */
  async begin(tx: Tx, runId: string, path: string): Promise<void> {
    await tx
      .updateTable("workflow_steps")
      .set((eb) => ({
        status: "running" as const,
        attempts: eb("attempts", "+", 1),
        started_at: eb.fn.coalesce("started_at", nowMs()),
        wait: null,
        due_at: null,
      }))
      .where("run_id", "=", runId)
      .where("path", "=", path)
      .execute();
  }

  /** Writes what came of a step. */
  async settle(
    tx: Tx,
    runId: string,
    path: string,
    outcome: { status: StepStatus; result?: StepResult; detail?: StepDetail; error?: StepError },
  ): Promise<void> {
    const { status, result, detail, error } = outcome;
    const isOver = status !== "waiting" && status !== "running" && status !== "queued";
    await tx
      .updateTable("workflow_steps")
      .set({
        status,
        ...(result === undefined ? {} : { encrypted_result: this.encryption.encrypt(result, RESULT) }),
        ...(detail === undefined ? {} : this.#detailColumns(detail)),
        error: error ? JSON.stringify(error) : null,
        ...(isOver ? { finished_at: nowMs(), wait: null, due_at: null, resume_hash: null } : {}),
      })
      .where("run_id", "=", runId)
      .where("path", "=", path)
      .execute();
  }

  async storeDetail(tx: Tx, runId: string, path: string, detail: StepDetail): Promise<void> {
    await tx
      .updateTable("workflow_steps")
      .set(this.#detailColumns(detail))
      .where("run_id", "=", runId)
      .where("path", "=", path)
      .execute();
  }

  #detailColumns(detail: StepDetail): { encrypted_detail: string; has_sends: boolean } {
    return {
      encrypted_detail: this.encryption.encrypt(detail, DETAIL),
      has_sends: (detail.sends ?? []).length > 0,
    };
  }

  /** What a step left for later ones, as JSON text; `{}` of a step that has not run. */
  async resultText(db: Queryable, runId: string, path: string): Promise<string> {
    const row = await db
      .selectFrom("workflow_steps")
      .select("encrypted_result")
      .where("run_id", "=", runId)
      .where("path", "=", path)
      .executeTakeFirst();
    return JSON.stringify(row?.encrypted_result ? this.result(row.encrypted_result) : {});
  }

  result(encrypted: string): StepResult {
    return this.encryption.decrypt<StepResult>(encrypted, RESULT);
  }

  detail(encrypted: string | null): StepDetail {
    return encrypted === null ? { logs: [] } : this.encryption.decrypt<StepDetail>(encrypted, DETAIL);
  }

  /** The attempts that a row tells of, before the one that begins now. */
  earlierOf({ attempts, status, error, encrypted_detail }: WorkflowStepRow): EarlierAttempt[] {
    const { earlier = [], logs } = this.detail(encrypted_detail);
    if (error === null || status !== "waiting") return earlier;
    const last = { attempt: attempts, error: JSON.parse(error) as StepError, logs: logs.slice(-KEPT_LOGS) };
    return [...earlier, last].slice(-KEPT_ATTEMPTS);
  }

  encryptResume(data: unknown): string {
    return this.encryption.encrypt(data, RESUME);
  }

  resumeData(encrypted: string): unknown {
    return this.encryption.decrypt<unknown>(encrypted, RESUME);
  }
}
