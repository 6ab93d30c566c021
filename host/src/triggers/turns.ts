import { sql } from "kysely";
import { isFree } from "../db/advisory-lock";
import type { Database, Tx } from "../db/database";
import type { Notifications } from "../db/notifications";
import { QUEUE, WAITED_FOR, type ClaimedJob, type JobQueue } from "../db/queue";
import type { RunRequestRow, TriggerRow } from "../db/schema";
import { withoutDeadlock } from "../db/unavailable";
import { RunTakenOver } from "./commit";
import { isPollDue, readOpenRequests, readTimedRow, type TimedRow } from "./open-requests";
import { RequestRuns } from "./request-runs";
import type { RunEnds } from "./run-ends";
import type { RunPlaces } from "./run-places";
import { newRun, notifyRuns, recordLostRuns, storeRuns, type RunRecord } from "./run-records";
import type { RunRequests } from "./run-requests";
import type { SourceRuns } from "./source-runs";
import { groupOf, isOpen } from "./trigger-rows";
import { UserShare } from "./user-share";

export interface TurnServices {
  db: Database;
  queue: JobQueue;
  notifications: Notifications;
  requests: RunRequests;
  runs: SourceRuns;
  ends: RunEnds;
  places: RunPlaces;
  /** Places of this process that users with a poll running may take for further ones. */
  furtherPlaces: number;
}

/** A source with many requests gives its place to others after this long. */
const TURN_MS = 10_000;
/** While a trigger is changed, its next turn is tried again after this. */
const CHANGING_MS = 500;
/** A user whose places are all taken has the others of his triggers wait for about so long. */
const CROWDED_MS = 2500;

/** What is to be done now: a poll, or requests. */
type Work =
  | { kind: "poll"; row: TimedRow; run: RunRecord; request?: RunRequestRow }
  | { kind: "requests"; row: TimedRow; requests: RunRequestRow[] };

/** What goes on of a trigger in this process. */
interface Running {
  revision: number;
  /** Ends it, since the trigger is changed. */
  cut: AbortController;
  /** There are new requests. */
  look?: () => void;
}

/**
 * A turn of one source: its polls, and the runs that somebody asked for. It is a job that exists once for each source, so that polls and
 * requests have their order. What is to be done stands in rows; the job only says that it is time to look.
 */
export class Turns {
  readonly #services: TurnServices;
  readonly #running = new Map<string, Running>();
  readonly #share: UserShare;
  #stopping = false;

  constructor(services: TurnServices) {
    this.#services = services;
    this.#share = new UserShare(services.furtherPlaces);
    services.notifications.on("notification", (said) => {
      if (said.kind === "requests") this.#running.get(said.trigger)?.look?.();
      if (said.kind !== "cut") return;
      const running = this.#running.get(said.trigger);
      if (running && running.revision < said.revision) running.cut.abort();
    });
    services.notifications.on("missed", () => {
      for (const { look } of this.#running.values()) look?.();
    });
  }

  /** Begins no further run. */
  stop(): void {
    this.#stopping = true;
  }

  /** Does what is due. The job is ended, and the next one made, in one transaction. Rejects when the database is away. */
  async take(job: ClaimedJob): Promise<void> {
    const trigger = job.singletonKey ?? "";
    const row = await this.#services.db
      .selectFrom("triggers")
      .select("external_user_id as user")
      .where("id", "=", trigger)
      .executeTakeFirst();
    // What somebody waits for is not counted.
    if (!row || job.priority >= WAITED_FOR) return this.#takeTurn(job, trigger);
    if (!this.#share.enter(row.user)) return this.#end(job, trigger, CROWDED_MS * (0.5 + Math.random()));
    try {
      await this.#takeTurn(job, trigger);
    } finally {
      this.#share.leave(row.user);
    }
  }

  async #takeTurn(job: ClaimedJob, trigger: string): Promise<void> {
    const until = performance.now() + TURN_MS;
    const isOver = (): boolean => this.#stopping || performance.now() > until;
    let isFirst = true;
    this.#services.places.enter();
    try {
      while (!isOver()) {
        const work = await this.#next(trigger, isFirst && job.retryCount > 0);
        isFirst = false;
        if (work === "changing") return await this.#end(job, trigger, CHANGING_MS);
        if (!work) break;
        await this.#perform(job, work, isOver);
      }
      await this.#end(job, trigger);
    } catch (error) {
      // Whoever has the trigger now sees to what is left.
      if (!(error instanceof RunTakenOver)) throw error;
      await this.#end(job, trigger);
    } finally {
      this.#services.places.leave();
    }
  }

  /** What is to be done now: a poll that is due before requests, and requests in their order. */
  async #next(trigger: string, isRepeated: boolean): Promise<Work | "changing" | undefined> {
    const { db } = this.#services;
    return db.transaction().execute(async (tx) => {
      if (!(await isFree(tx, "stop", trigger))) return "changing";
      const row = await readTimedRow(tx, trigger);
      if (!row) return undefined;
      if (isRepeated) await recordLostRuns(tx, trigger);
      if (!isOpen(row)) await this.#turnAway(tx, row);
      if (isPollDue(row)) return beginPoll(tx, row);
      const requests = await readOpenRequests(tx, row);
      const [first] = requests;
      if (!first) return undefined;
      if (first.kind === "http") return { kind: "requests", row, requests };
      await tx.updateTable("run_requests").set({ started: true }).where("seq", "=", first.seq).execute();
      return beginPoll(tx, row, first);
    });
  }

  /** Tells those who wait at the endpoint of a paused source that nobody answers there. */
  async #turnAway(tx: Tx, row: TriggerRow): Promise<void> {
    const waiting = await tx
      .deleteFrom("run_requests")
      .where("trigger_id", "=", row.id)
      .where("kind", "=", "http")
      .where("waits_until", "is not", null)
      .returning("seq")
      .execute();
    for (const { seq } of waiting)
      await this.#services.requests.reply(tx, seq, { kind: "not run", why: "gone" });
  }

  /** Does it and stores what came of it. */
  async #perform(job: ClaimedJob, work: Work, isOver: () => boolean): Promise<void> {
    const { runs, ends } = this.#services;
    const { row } = work;
    const cut = new AbortController();
    const running: Running = { revision: row.revision, cut };
    const claim = { triggerId: row.id, revision: row.revision, job };
    const signal = AbortSignal.any([cut.signal, job.signal]);
    this.#running.set(row.id, running);
    try {
      if (work.kind === "poll") {
        const { run, request } = work;
        const outcome = await runs.poll({ row, run, claim, signal });
        // The host's own end cut it off: it is done again, and its record says so.
        if (this.#stopping && outcome.failure?.limit === "stopped")
          return await ends.recordAlone(run, outcome.failure);
        return await ends.store(row, claim, [{ run, outcome, ...(request ? { request } : {}) }]);
      }
      const requestRuns = new RequestRuns(this.#services, {
        row,
        claim,
        cut,
        signal,
        isOver: () => signal.aborted || isOver(),
        isStopping: () => this.#stopping,
      });
      running.look = () => requestRuns.look();
      await requestRuns.run(work.requests);
    } finally {
      this.#running.delete(row.id);
    }
  }

  /** Ends the job and makes the next one, unless another attempt has it by now. */
  async #end(job: ClaimedJob, trigger: string, leastMs = 0): Promise<void> {
    const { db, queue } = this.#services;
    const end = async (tx: Tx): Promise<void> => {
      if (!(await queue.holds(tx, job))) return;
      const row = await tx
        .selectFrom("triggers")
        .selectAll()
        .select(sql<number>`now_ms()`.as("now"))
        .where("id", "=", trigger)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (!(await queue.finish(tx, job))) return;
      if (row) await wakeAtNext(tx, queue, row, leastMs === 0 ? 0 : row.now + leastMs);
    };
    await withoutDeadlock(() => db.transaction().execute(end));
  }
}

/** Sees that the source has its next turn when there is something to do: at once for requests, otherwise at its next poll. */
export async function wakeAtNext(tx: Tx, queue: JobQueue, row: TriggerRow, notBefore = 0): Promise<void> {
  let query = tx
    .selectFrom("run_requests")
    .select((eb) => [
      eb.fn.countAll<number>().as("stored"),
      sql<boolean | null>`bool_or(waits_until is not null)`.as("waits"),
    ])
    .where("trigger_id", "=", row.id);
  if (!isOpen(row)) query = query.where("kind", "=", "poll");
  const requests = await query.executeTakeFirst();
  const hasRequests = (requests?.stored ?? 0) > 0;
  if (!hasRequests && (!row.active || row.next_run_at === null)) return;
  const due = hasRequests ? 0 : (row.next_run_at ?? 0);
  const at = Math.max(due, notBefore);
  await queue.upsert(tx, QUEUE.sourceRuns, row.id, {
    ...(at === 0 ? {} : { startAfter: at }),
    priority: requests?.waits === true ? WAITED_FOR : 0,
    group: groupOf(row),
  });
}

async function beginPoll(tx: Tx, row: TimedRow, request?: RunRequestRow): Promise<Work> {
  const run = newRun(row.id, "poll", row.now);
  await storeRuns(tx, [run]);
  await notifyRuns(tx, row.id, [run]);
  return { kind: "poll", row, run, ...(request ? { request } : {}) };
}
