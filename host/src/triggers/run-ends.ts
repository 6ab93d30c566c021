import { setTimeout as delay } from "node:timers/promises";
import { databaseTime, type Database, type Tx } from "../db/database";
import type { JobQueue } from "../db/queue";
import type { RunRequestRow, TriggerRow } from "../db/schema";
import { isDatabaseAway, RETRY_MS, withoutDeadlock } from "../db/unavailable";
import { messageOf } from "../errors";
import type { ComponentError } from "../execution/protocol";
import { nextAfterPoll } from "./after-poll";
import { lockTrigger, RunTakenOver, storeSaves, type LockedTrigger, type RunClaim } from "./commit";
import type { Publisher } from "./publish";
import { endRun, notifyRuns, storeRuns, summaryOf, type RunRecord } from "./run-records";
import type { RunReply, RunRequests } from "./run-requests";
import type { SourceRunOutcome } from "./source-runs";

/** A run that has ended, and what it was asked for. */
export interface RunEnd {
  run: RunRecord;
  outcome: SourceRunOutcome;
  /** Absent for a poll that was due. */
  request?: RunRequestRow;
  /** Whoever waited has been answered by the source itself. */
  isAnswered?: boolean;
}

export interface RunEndServices {
  db: Database;
  queue: JobQueue;
  publisher: Publisher;
  requests: RunRequests;
  log(message: string): void;
}

/** Stores what came of runs of one source: its state, their events and what follows from them, their records, and that their requests are done. */
export class RunEnds {
  constructor(readonly services: RunEndServices) {}

  /**
   * Stores the ends in their order, in one transaction; again when the database is away for a moment. Where one of them cannot be
   * stored, those before it are.
   *
   * @throws RunTakenOver when another attempt has the source by now; the error of a request that is to be run again.
   */
  async store(row: TriggerRow, claim: RunClaim, ends: RunEnd[]): Promise<void> {
    for (let attempt = 0; ; attempt += 1)
      try {
        await this.#inTransaction((tx) => this.#commit(tx, row, claim, ends, attempt > 0));
        break;
      } catch (error) {
        if (error instanceof RunTakenOver) {
          for (const { run, outcome } of ends) await this.recordAlone(run, outcome.failure, error);
          throw error;
        }
        const pause = RETRY_MS[attempt];
        if (!isDatabaseAway(error)) return this.#storeOneByOne(row, claim, ends, error);
        if (pause === undefined) throw error;
        await delay(pause);
      }
    for (const end of ends) {
      if (isUnanswered(end)) this.services.requests.replyHere(end.request.seq, replyTo(end));
      if (isRunAgain(end)) throw new Error(end.outcome.failure?.message);
    }
  }

  /** The record of a run that no longer has its trigger, or is done again. Never rejects. */
  async recordAlone(run: RunRecord, failure: ComponentError | undefined, reason?: unknown): Promise<void> {
    const wasCut = failure === undefined || failure.limit === "stopped";
    const recorded = wasCut && reason !== undefined ? saveFailed(reason) : failure;
    try {
      await this.services.db.transaction().execute(async (tx) => {
        endRun(run, recorded, await databaseTime(tx));
        await recordRuns(tx, run.trigger_id, [run]);
      });
    } catch {
      // The trigger is gone, or the database is away; the next turn ends the record.
    }
  }

  async #storeOneByOne(row: TriggerRow, claim: RunClaim, ends: RunEnd[], error: unknown): Promise<void> {
    const [end, second] = ends;
    if (second) {
      for (const each of ends) await this.store(row, claim, [each]);
      return;
    }
    if (!end?.outcome.save) throw error;
    // What it emitted cannot be stored, be it for want of room.
    this.services.log(`What ${row.id} emitted could not be stored: ${messageOf(error)}`);
    const unsaved = { ...end, outcome: { dedupe: end.outcome.dedupe, failure: saveFailed(error) } };
    await this.#inTransaction((tx) => this.#commit(tx, row, claim, [unsaved], false));
    if (isRunAgain(unsaved)) throw error;
    if (isUnanswered(unsaved)) this.services.requests.replyHere(unsaved.request.seq, replyTo(unsaved));
  }

  #inTransaction(work: (tx: Tx) => Promise<void>): Promise<void> {
    return withoutDeadlock(() => this.services.db.transaction().execute(work));
  }

  async #commit(
    tx: Tx,
    row: TriggerRow,
    claim: RunClaim,
    ends: RunEnd[],
    isRepeated: boolean,
  ): Promise<void> {
    const locked = await lockTrigger(tx, this.services.queue, claim);
    // The answer to the first attempt may have been lost on the way: then all of it is stored.
    if (isRepeated && (await areStored(tx, ends))) return;
    const runs = await this.#storeSaves(tx, claim, locked, ends);
    let next: ReturnType<typeof nextAfterPoll> | undefined;
    for (const [at, run] of runs.entries()) {
      const { outcome, request } = ends[at] ?? { outcome: undefined, request: undefined };
      endRun(run, outcome?.failure, locked.now);
      if (run.kind === "poll")
        next = nextAfterPoll(row, run, outcome?.failure, locked, request !== undefined);
    }
    await recordRuns(tx, row.id, runs, next);
    await this.#endRequests(tx, ends);
  }

  /** @returns copies of the records, with what was emitted. */
  async #storeSaves(tx: Tx, claim: RunClaim, locked: LockedTrigger, ends: RunEnd[]): Promise<RunRecord[]> {
    const runs = ends.map(({ run }) => ({ ...run, logs: [...run.logs] }));
    const saving = ends.flatMap(({ outcome: { save, dedupe } }, at) =>
      save ? [{ save, dedupe, run: runs[at] }] : [],
    );
    const [first] = saving;
    if (!first) return runs;
    const emitted = await storeSaves(
      tx,
      this.services,
      claim,
      locked,
      first.dedupe,
      saving.map(({ save }) => save),
    );
    for (const [at, { run }] of saving.entries()) if (run) run.emitted += emitted[at] ?? 0;
    return runs;
  }

  async #endRequests(tx: Tx, ends: RunEnd[]): Promise<void> {
    const { requests } = this.services;
    const done = ends.filter((end) => !isRunAgain(end));
    const numbers = done.flatMap(({ request }) => (request ? [request.seq] : []));
    if (numbers.length > 0) await tx.deleteFrom("run_requests").where("seq", "in", numbers).execute();
    for (const end of done)
      if (isUnanswered(end) && !requests.isWaitedForHere(end.request.seq))
        await requests.reply(tx, end.request.seq, replyTo(end));
  }
}

/** A request at the source's endpoint stays until its events are stored; a poll repeats from its last save by itself. */
function isRunAgain({ request, outcome }: RunEnd): boolean {
  return request?.kind === "http" && outcome.failure?.limit === "save";
}

/** Stores the records, of which the last one stands at the trigger, and tells of them. */
async function recordRuns(
  tx: Tx,
  trigger: string,
  runs: RunRecord[],
  next: ReturnType<typeof nextAfterPoll> = {},
): Promise<void> {
  await storeRuns(tx, runs);
  const last = runs.at(-1);
  await tx
    .updateTable("triggers")
    .set({ ...(last ? { last_run: summaryOf(last) } : {}), ...next })
    .where("id", "=", trigger)
    .execute();
  await notifyRuns(tx, trigger, runs);
}

async function areStored(tx: Tx, ends: RunEnd[]): Promise<boolean> {
  const stored = await tx
    .selectFrom("runs")
    .select("id")
    .where(
      "id",
      "in",
      ends.map(({ run }) => run.id),
    )
    .where("finished_at", "is not", null)
    .limit(1)
    .executeTakeFirst();
  return stored !== undefined;
}

function isUnanswered(end: RunEnd): end is RunEnd & { request: RunRequestRow } {
  return end.request !== undefined && end.request.waits_until !== null && end.isAnswered !== true;
}

function replyTo({ run, outcome }: RunEnd): RunReply {
  return { kind: "ended", run: run.id, status: outcome.failure ? "error" : "ok" };
}

function saveFailed(error: unknown): ComponentError {
  return {
    name: "SaveFailed",
    limit: "save",
    message: `What the component emitted could not be stored: ${messageOf(error)}`,
  };
}
