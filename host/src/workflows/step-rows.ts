import type { Queryable, Tx } from "../db/database";
import { nowMs } from "../db/database";
import { encryptedFor } from "../encrypted-for";
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

/** Which step of which run. */
type StepPlace = Pick<WorkflowStepRow, "run_id" | "path">;

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
        ...(result === undefined ? {} : { encrypted_result: this.encryptResult(runId, path, result) }),
        ...(detail === undefined ? {} : this.#detailColumns(runId, path, detail)),
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
      .set(this.#detailColumns(runId, path, detail))
      .where("run_id", "=", runId)
      .where("path", "=", path)
      .execute();
  }

  #detailColumns(
    runId: string,
    path: string,
    detail: StepDetail,
  ): { encrypted_detail: string; has_sends: boolean } {
    return {
      encrypted_detail: this.encryption.encrypt(detail, encryptedFor.stepDetail(runId, path)),
      has_sends: (detail.sends ?? []).length > 0,
    };
  }

  /** What a step left for later ones, as JSON text; `{}` of a step that has not run. */
  async resultText(db: Queryable, runId: string, path: string): Promise<string> {
    const row = await db
      .selectFrom("workflow_steps")
      .select(["run_id", "path", "encrypted_result"])
      .where("run_id", "=", runId)
      .where("path", "=", path)
      .executeTakeFirst();
    return JSON.stringify(row ? this.result(row) : {});
  }

  encryptResult(runId: string, path: string, result: StepResult): string {
    return this.encryption.encrypt(result, encryptedFor.stepResult(runId, path));
  }

  /** Empty for a step that has left nothing. */
  result(row: StepPlace & Pick<WorkflowStepRow, "encrypted_result">): StepResult {
    return row.encrypted_result === null
      ? {}
      : this.encryption.decrypt(row.encrypted_result, encryptedFor.stepResult(row.run_id, row.path));
  }

  detail(row: StepPlace & Pick<WorkflowStepRow, "encrypted_detail">): StepDetail {
    return row.encrypted_detail === null
      ? { logs: [] }
      : this.encryption.decrypt(row.encrypted_detail, encryptedFor.stepDetail(row.run_id, row.path));
  }

  /** The attempts that a row tells of, before the one that begins now. */
  earlierOf(row: WorkflowStepRow): EarlierAttempt[] {
    const { attempts, status, error } = row;
    const { earlier = [], logs } = this.detail(row);
    if (error === null || status !== "waiting") return earlier;
    const last = { attempt: attempts, error: JSON.parse(error) as StepError, logs: logs.slice(-KEPT_LOGS) };
    return [...earlier, last].slice(-KEPT_ATTEMPTS);
  }

  /** What a step that waits gets when it goes on; of a loop, its items. */
  encryptResume(runId: string, path: string, data: unknown): string {
    return this.encryption.encrypt(data, encryptedFor.stepResume(runId, path));
  }

  /** Undefined when nothing is kept. */
  resumeData(row: StepPlace & Pick<WorkflowStepRow, "encrypted_resume">): unknown {
    return row.encrypted_resume === null
      ? undefined
      : this.encryption.decrypt(row.encrypted_resume, encryptedFor.stepResume(row.run_id, row.path));
  }

  /** Takes over what steps of another run came to. */
  async copy(tx: Tx, from: string, to: string, paths: string[]): Promise<void> {
    for (const path of paths) {
      const row = await tx
        .selectFrom("workflow_steps")
        .selectAll()
        .where("run_id", "=", from)
        .where("path", "=", path)
        .where("status", "in", ["succeeded", "skipped"])
        .executeTakeFirst();
      if (!row) continue;
      const { namespace, status, attempts, started_at, finished_at } = row;
      await tx
        .insertInto("workflow_steps")
        .values({
          ...{ run_id: to, path, namespace, status, attempts, started_at, finished_at },
          ...(row.encrypted_result === null
            ? {}
            : { encrypted_result: this.encryptResult(to, path, this.result(row)) }),
          ...(row.encrypted_detail === null ? {} : this.#detailColumns(to, path, this.detail(row))),
          has_sends: false,
        })
        .execute();
    }
  }
}
