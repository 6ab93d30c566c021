import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { isFree } from "../db/advisory-lock";
import type { Database, Tx } from "../db/database";
import { notify, type Notifications } from "../db/notifications";
import { QUEUE, WAITED_FOR, type ClaimedJob, type JobQueue } from "../db/queue";
import type { RunRequestRow, TriggerRow } from "../db/schema";
import { isDatabaseAway, RETRY_MS, withoutDeadlock } from "../db/unavailable";
import { messageOf } from "../errors";
import type { ComponentError, Save } from "../execution/protocol";
import { lockTrigger, RunTakenOver, storeSave } from "./commit";
import type { Publisher } from "./publish";
import { addLog, endRun, newRun, recordLostRuns, storeRun, summaryOf, type RunRecord } from "./run-records";
import type { RunReply, RunRequests } from "./run-requests";
import { backOnSchedule, nextPoll } from "./schedule";
import type { SourceRun, SourceRuns } from "./source-runs";
import { groupOf, isOpen, scheduleIn } from "./trigger-rows";
import { UserShare } from "./user-share";

export interface TurnServices {
  db: Database;
  queue: JobQueue;
  notifications: Notifications;
  publisher: Publisher;
  requests: RunRequests;
  runs: SourceRuns;
  /** Places of this process that users with a poll running may take for further ones. */
  furtherPlaces: number;
  log(message: string): void;
}

/** A source with many requests gives its place to others after this long. */
const TURN_MS = 10_000;
const BATCH = 20;
const UNREADABLE_SCHEDULE_MS = 3600_000;
/** While a trigger is changed, its next turn is tried again after this. */
const CHANGING_MS = 500;
/** A user whose places are all taken has the others of his triggers wait for about so long. */
const CROWDED_MS = 2500;

interface Work {
  row: TriggerRow;
  kind: "poll" | "http";
  run: RunRecord;
  request?: RunRequestRow;
}

/**
 * A turn of one source: its polls, and the runs that somebody asked for, one after the other. It is a job that exists once for each source,
 * so nothing of it runs twice at a time. What is to be done stands in rows; the job only says that it is time to look.
 */
export class Turns {
  readonly #services: TurnServices;
  /** Runs of this process by trigger, to be cut off when their trigger is changed. */
  readonly #running = new Map<string, { revision: number; cut: AbortController }>();
  readonly #share: UserShare;
  #stopping = false;

  constructor(services: TurnServices) {
    this.#services = services;
    this.#share = new UserShare(services.furtherPlaces);
    services.notifications.on("notification", (said) => {
      if (said.kind !== "cut") return;
      const running = this.#running.get(said.trigger);
      if (running && running.revision < said.revision) running.cut.abort();
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
    let isFirst = true;
    try {
      while (!this.#stopping && performance.now() < until) {
        const work = await this.#next(job, trigger, isFirst && job.retryCount > 0);
        isFirst = false;
        if (work === "changing") return await this.#end(job, trigger, CHANGING_MS);
        if (work.length === 0) break;
        for (const item of work) {
          if (!(await this.#perform(job, item))) return await this.#end(job, trigger);
          if (this.#stopping || performance.now() > until) break;
        }
      }
      await this.#end(job, trigger);
    } catch (error) {
      // Whoever has the trigger now sees to what is left.
      if (!(error instanceof RunTakenOver)) throw error;
      await this.#end(job, trigger);
    }
  }

  /** What is to be done now: a poll that is due before requests, and requests in their order. */
  async #next(job: ClaimedJob, trigger: string, isRepeated: boolean): Promise<Work[] | "changing"> {
    const { db } = this.#services;
    return db.transaction().execute(async (tx) => {
      if (!(await isFree(tx, "stop", trigger))) return "changing";
      const row = await tx
        .selectFrom("triggers")
        .selectAll()
        .select(sql<number>`now_ms()`.as("now"))
        .where("id", "=", trigger)
        .executeTakeFirst();
      if (!row) return [];
      if (isRepeated) await recordLostRuns(tx, trigger);
      if (!isOpen(row)) await this.#turnAway(tx, row);
      if (row.active && row.next_run_at !== null && row.next_run_at <= row.now)
        return [await begin(tx, row, row.now)];
      const requests = await this.#requests(tx, row, row.now);
      const [first] = requests;
      if (!first) return [];
      if (first.waits_until !== null)
        await tx.updateTable("run_requests").set({ started: true }).where("seq", "=", first.seq).execute();
      if (first.kind === "poll") return [await begin(tx, row, row.now, first)];
      return requests.map((request) => ({
        row,
        kind: "http" as const,
        request,
        run: newRun(row.id, "http", row.now),
      }));
    });
  }

  /** Requests that can be run one after the other. One that somebody waits for stands alone: until then it can be withdrawn. */
  async #requests(tx: Tx, row: TriggerRow, now: number): Promise<RunRequestRow[]> {
    let query = tx
      .selectFrom("run_requests")
      .selectAll()
      .where("trigger_id", "=", row.id)
      .where((eb) =>
        eb.or([eb("waits_until", "is", null), eb("waits_until", ">", now), eb("started", "=", true)]),
      );
    if (!isOpen(row)) query = query.where("kind", "=", "poll");
    const found = await query.orderBy("seq").limit(BATCH).execute();
    const alone = found.findIndex(({ kind, waits_until }) => kind === "poll" || waits_until !== null);
    return alone === -1 ? found : found.slice(0, Math.max(1, alone));
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

  /** Runs it and stores what came of it. @returns false when the turn is over. */
  async #perform(job: ClaimedJob, work: Work): Promise<boolean> {
    const { row, run, request } = work;
    const { runs, requests, db } = this.#services;
    const cut = new AbortController();
    let answered: Promise<void> | undefined;
    this.#running.set(row.id, { revision: row.revision, cut });
    try {
      const source: SourceRun = {
        row,
        run,
        claim: { triggerId: row.id, revision: row.revision, job },
        signal: AbortSignal.any([cut.signal, job.signal]),
      };
      const { failure, save, dedupe } =
        work.kind === "poll"
          ? await runs.poll(source)
          : await runs.http(source, request ? requests.eventOf(request) : {}, (reply) => {
              if (!request || request.waits_until === null) return;
              const sent: RunReply = { kind: "http", reply };
              answered ??= db.transaction().execute((tx) => requests.reply(tx, request.seq, sent));
              answered.catch(() => undefined);
            });
      await answered?.catch(() => undefined);
      return await this.#store(work, source, failure, save, dedupe);
    } finally {
      this.#running.delete(row.id);
    }
  }

  /** Stores the end, again when the database is away for a moment. */
  async #store(
    work: Work,
    source: SourceRun,
    failure: ComponentError | undefined,
    save: Save | undefined,
    dedupe: Parameters<typeof storeSave>[4],
  ): Promise<boolean> {
    if (failure?.limit === "stopped" && this.#stopping) {
      // The host's own end cut it off: it is done again, and its record says so.
      await this.#recordAlone(work.run, failure);
      return false;
    }
    for (const pause of [...RETRY_MS, undefined])
      try {
        await withoutDeadlock(() =>
          this.#services.db
            .transaction()
            .execute((tx) => this.#commit(tx, work, source, failure, save, dedupe)),
        );
        if (work.request && failure?.limit === "save") throw new Error(failure.message);
        return true;
      } catch (error) {
        if (error instanceof RunTakenOver) {
          await this.#recordAlone(
            work.run,
            failure && failure.limit !== "stopped" ? failure : saveFailed(error),
          );
          throw error;
        }
        if (pause !== undefined && isDatabaseAway(error)) {
          await delay(pause);
          continue;
        }
        if (save === undefined || isDatabaseAway(error)) throw error;
        // What it emitted cannot be stored, be it for want of room. A request is run again; a poll repeats from its last save.
        this.#services.log(`What ${work.row.id} emitted could not be stored: ${messageOf(error)}`);
        await this.#services.db
          .transaction()
          .execute((tx) => this.#commit(tx, work, source, saveFailed(error), undefined, dedupe));
        if (work.request) throw error;
        return true;
      }
    return true;
  }

  async #commit(
    tx: Tx,
    work: Work,
    { claim }: SourceRun,
    failure: ComponentError | undefined,
    save: Save | undefined,
    dedupe: Parameters<typeof storeSave>[4],
  ): Promise<void> {
    const { queue, requests } = this.#services;
    const { row, request } = work;
    // An answer that was lost on the way: it is stored already.
    const stored = await tx
      .selectFrom("runs")
      .select("id")
      .where("id", "=", work.run.id)
      .where("finished_at", "is not", null)
      .executeTakeFirst();
    if (stored) return;
    const run = { ...work.run, logs: [...work.run.logs] };
    const locked = await lockTrigger(tx, queue, claim);
    if (save) run.emitted += await storeSave(tx, this.#services, claim, locked, dedupe, save);
    endRun(run, failure, locked.now);
    const next =
      work.kind === "poll" ? afterPoll(row, run, failure, locked, request !== undefined) : undefined;
    await storeRun(tx, run);
    await tx
      .updateTable("triggers")
      .set({ last_run: summaryOf(run), ...next })
      .where("id", "=", row.id)
      .execute();
    if (request && failure?.limit !== "save") {
      await tx.deleteFrom("run_requests").where("seq", "=", request.seq).execute();
      const reply: RunReply = { kind: "ended", run: run.id, status: failure ? "error" : "ok" };
      if (request.waits_until !== null) await requests.reply(tx, request.seq, reply);
    }
    await notify(tx, { kind: "run", trigger: row.id, run: run.id });
    // The next run of this turn goes on from here.
    row.db = locked.db;
  }

  /** The record of a run that no longer has its trigger. */
  async #recordAlone(run: RunRecord, failure: ComponentError): Promise<void> {
    const { db } = this.#services;
    try {
      await db.transaction().execute(async (tx) => {
        const { rows } = await sql<{ now: number }>`select now_ms() as now`.execute(tx);
        endRun(run, failure, rows[0]?.now ?? run.started_at);
        await storeRun(tx, run);
        await tx
          .updateTable("triggers")
          .set({ last_run: summaryOf(run) })
          .where("id", "=", run.trigger_id)
          .execute();
        await notify(tx, { kind: "run", trigger: run.trigger_id, run: run.id });
      });
    } catch {
      // The trigger is gone, or the database is away; the next turn ends the record.
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

async function begin(tx: Tx, row: TriggerRow, now: number, request?: RunRequestRow): Promise<Work> {
  const run = newRun(row.id, "poll", now);
  await storeRun(tx, run);
  await notify(tx, { kind: "run", trigger: row.id, run: run.id });
  return { row, kind: "poll", run, ...(request ? { request } : {}) };
}

function saveFailed(error: unknown): ComponentError {
  return {
    name: "SaveFailed",
    limit: "save",
    message: `What the component emitted could not be stored: ${messageOf(error)}`,
  };
}

/** How the trigger goes on after a poll. Polled by hand, it returns to its schedule. */
function afterPoll(
  row: TriggerRow,
  run: RunRecord,
  failure: ComponentError | undefined,
  locked: { now: number; next_run_at: number | null; failures: number; active: boolean },
  isByHand: boolean,
): { next_run_at?: number; failures: number; failing_since?: number | null } {
  const failures = failure ? (isByHand ? 1 : locked.failures + 1) : 0;
  const since = failures === 0 ? null : (row.failing_since ?? locked.now);
  const schedule = scheduleIn(row);
  if (!schedule || locked.next_run_at === null || !locked.active) return { failures, failing_since: since };
  let next: number;
  try {
    const due =
      isByHand && row.failures > 0
        ? backOnSchedule(schedule, locked.next_run_at, locked.now)
        : locked.next_run_at;
    next = nextPoll(schedule, due, locked.now, isByHand ? 0 : failures);
  } catch (error) {
    next = locked.now + UNREADABLE_SCHEDULE_MS;
    // Whatever is stored as a schedule, the run must come to its end.
    addLog(
      run,
      "error",
      `The next time cannot be told from the schedule (${messageOf(error)}), so it is in an hour. Set the schedule again.`,
      locked.now,
    );
  }
  return { next_run_at: next, failures, failing_since: since };
}
