import { isFree } from "../db/advisory-lock";
import type { Database } from "../db/database";
import type { RunRequestRow } from "../db/schema";
import type { HttpReply } from "../execution/protocol";
import { messageOf } from "../errors";
import { mergedDb, type RunClaim } from "./commit";
import { isPollDue, readOpenRequests, readTimedRow, type TimedRow } from "./open-requests";
import type { RunEnd, RunEnds } from "./run-ends";
import type { RunPlaces } from "./run-places";
import { newRun } from "./run-records";
import type { RunReply, RunRequests } from "./run-requests";
import type { SourceRunOutcome, SourceRuns } from "./source-runs";

export interface RequestRunServices {
  db: Database;
  requests: RunRequests;
  runs: SourceRuns;
  ends: RunEnds;
  places: RunPlaces;
}

/** The turn of a source, in which its requests are run. */
export interface RequestTurn {
  row: TimedRow;
  claim: RunClaim;
  /** Ends runs at once. */
  cut: AbortController;
  signal: AbortSignal;
  /** Nothing further is begun. */
  isOver(): boolean;
  /** The host stops: what is cut off is done again. */
  isStopping(): boolean;
}

/** One source's requests that run at a time, where it keeps no state. */
const MOST_AT_A_TIME = 10;
/** Requests overlap where they take this long; for shorter ones a further process costs more than it gives. */
const SLOW_MS = 50;
/** What has ended is stored at least this often: a host that dies runs so much again. */
const STORE_MS = 200;
const MOST_UNSTORED = 100;

interface Begun {
  request: RunRequestRow;
  run: RunEnd["run"];
  startedAt: number;
  end?: RunEnd;
  done: Promise<void>;
}

/**
 * Runs the stored requests of one source: one after the other where it keeps state, otherwise several at a time. Their ends are stored in
 * the order of the requests, so that events come in that order, and several in one transaction where they end soon after each other.
 */
export class RequestRuns {
  readonly #services: RequestRunServices;
  readonly #turn: RequestTurn;
  readonly #readAt = performance.now();
  /** Begun and not stored, in the order of their requests. */
  readonly #begun: Begun[] = [];
  /** Read and not begun. */
  #waiting: RunRequestRow[] = [];
  #last = 0;
  #mayBeMore = true;
  #mostAtATime = 1;
  #isSlow = false;
  #storedAt = performance.now();
  #storing: Promise<void> = Promise.resolve();
  #hasNews = false;
  #wake: () => void = () => undefined;

  constructor(services: RequestRunServices, turn: RequestTurn) {
    this.#services = services;
    this.#turn = turn;
  }

  /** The source has new requests. */
  look(): void {
    this.#mayBeMore = true;
    this.#happened();
  }

  /**
   * Runs these and those that come meanwhile, until none is left, something else is due, or the turn is over.
   *
   * @throws whatever keeps an end from being stored; what is not stored is run again.
   */
  async run(requests: RunRequestRow[]): Promise<void> {
    const { runs } = this.#services;
    this.#take(requests);
    if (!(await runs.keepsState(this.#turn.row))) this.#mostAtATime = MOST_AT_A_TIME;
    try {
      for (;;) {
        await this.#beginSome();
        if (this.#turn.isStopping() && this.#begun.some(({ end }) => end && wasStopped(end)))
          return await this.#leave();
        if (this.#isTimeToStore()) await this.#store();
        else if (this.#begun.length === 0) return;
        else await this.#news();
      }
    } catch (error) {
      this.#turn.cut.abort();
      await this.#settle();
      throw error;
    }
  }

  #take(requests: RunRequestRow[]): void {
    this.#waiting = requests;
    this.#last = requests.at(-1)?.seq ?? this.#last;
  }

  async #beginSome(): Promise<void> {
    // After one that has to be run again, the others are too.
    const isBroken = this.#begun.some(({ end }) => end?.outcome.failure?.limit === "save");
    while (!isBroken && !this.#turn.isOver() && this.#begun.length < MOST_UNSTORED) {
      const running = this.#running();
      if (running >= this.#mostAtATime || (running > 0 && !this.#overlaps())) return;
      if (this.#waiting.length === 0 && this.#mayBeMore) await this.#readMore();
      const next = this.#waiting[0];
      // A poll that somebody asked for has its turn when those before it have ended.
      if (next?.kind !== "http") return;
      const isFurther = running > 0;
      if (isFurther && !this.#services.places.enterFurther()) return;
      this.#waiting.shift();
      const isThere = next.waits_until === null || (await this.#services.requests.begin(next.seq));
      if (isThere) this.#begin(next, isFurther);
      else if (isFurther) this.#services.places.leave();
    }
  }

  #running(): number {
    return this.#begun.filter(({ end }) => !end).length;
  }

  /** Whether the requests of this source take so long that they are worth further processes. */
  #overlaps(): boolean {
    const oldest = this.#begun.find(({ end }) => !end);
    return this.#isSlow || (oldest !== undefined && performance.now() - oldest.startedAt >= SLOW_MS);
  }

  /** Reads what came meanwhile, unless something else has to be done before it. */
  async #readMore(): Promise<void> {
    this.#mayBeMore = false;
    const { row } = this.#turn;
    const found = await this.#services.db.transaction().execute(async (tx) => {
      if (!(await isFree(tx, "stop", row.id))) return [];
      const now = await readTimedRow(tx, row.id);
      if (now?.revision !== row.revision || isPollDue(now)) return [];
      return readOpenRequests(tx, now, this.#last);
    });
    if (found.length > 0) this.#mayBeMore = true;
    this.#take(found);
  }

  #begin(request: RunRequestRow, isFurther: boolean): void {
    const { row } = this.#turn;
    const run = newRun(row.id, "http", row.now + Math.round(performance.now() - this.#readAt));
    const begun: Begun = { request, run, startedAt: performance.now(), done: Promise.resolve() };
    begun.done = this.#perform(request, run).then((end) => {
      begun.end = end;
      this.#isSlow = performance.now() - begun.startedAt >= SLOW_MS;
      if (isFurther) this.#services.places.leave();
      const { save } = end.outcome;
      // The next run goes on from here.
      if (save) row.db = mergedDb(row.db, save);
      this.#happened();
    });
    this.#begun.push(begun);
  }

  /** Never rejects. */
  async #perform(request: RunRequestRow, run: RunEnd["run"]): Promise<RunEnd> {
    const { runs, requests } = this.#services;
    const { row, claim, signal } = this.#turn;
    let answered: Promise<boolean> | undefined;
    const onRespond = (reply: HttpReply): void => {
      if (request.waits_until !== null) answered ??= this.#answer(request.seq, { kind: "http", reply });
    };
    let outcome: SourceRunOutcome;
    try {
      const event = requests.eventOf(request);
      const source = { row, run, claim, signal, beforeSave: () => this.#store() };
      outcome = await runs.http(source, event, onRespond);
    } catch (error) {
      outcome = { dedupe: null, failure: { name: "Error", message: messageOf(error) } };
    }
    return { run, outcome, request, isAnswered: (await answered) === true };
  }

  /** @returns false when it could not be stored: then whoever waits hears of the end. */
  async #answer(request: number, reply: RunReply): Promise<boolean> {
    const { db, requests } = this.#services;
    if (requests.replyHere(request, reply)) return true;
    return db
      .transaction()
      .execute((tx) => requests.reply(tx, request, reply))
      .then(
        () => true,
        () => false,
      );
  }

  #isTimeToStore(): boolean {
    const ended = this.#ended();
    if (ended.length === 0) return false;
    return (
      this.#running() === 0 ||
      performance.now() - this.#storedAt >= STORE_MS ||
      ended.some(({ request, isAnswered }) => request?.waits_until !== null && isAnswered !== true)
    );
  }

  /** The ends that can be stored: none before them is missing. */
  #ended(): RunEnd[] {
    const ended: RunEnd[] = [];
    for (const { end } of this.#begun) {
      if (!end || (this.#turn.isStopping() && wasStopped(end))) break;
      ended.push(end);
    }
    return ended;
  }

  /** Stores what has ended, after what is being stored. */
  #store(): Promise<void> {
    this.#storing = this.#storing.then(async () => {
      const ended = this.#ended();
      this.#storedAt = performance.now();
      if (ended.length === 0) return;
      await this.#services.ends.store(this.#turn.row, this.#turn.claim, ended);
      this.#begun.splice(0, ended.length);
    });
    return this.#storing;
  }

  /** The host stops and has cut off what ran: what has ended is kept, and the rest is done again, as its record says. */
  async #leave(): Promise<void> {
    await this.#settle();
    const ends = this.#begun.flatMap(({ end }) => end ?? []);
    const finished = ends.filter((end) => !wasStopped(end));
    if (finished.length > 0) await this.#services.ends.store(this.#turn.row, this.#turn.claim, finished);
    for (const { run, outcome } of ends.filter(wasStopped))
      await this.#services.ends.recordAlone(run, outcome.failure);
  }

  async #settle(): Promise<void> {
    await Promise.all(this.#begun.map(({ done }) => done));
  }

  #happened(): void {
    this.#hasNews = true;
    this.#wake();
  }

  /** Resolves when a run has ended, requests have come, or it is time to store. */
  async #news(): Promise<void> {
    if (!this.#hasNews)
      await new Promise<void>((resolve) => {
        const lookAgainMs = this.#lookAgainMs();
        const timer = lookAgainMs === undefined ? undefined : setTimeout(resolve, lookAgainMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#hasNews = false;
  }

  /** When something is to be done although nothing happens: an end is stored, or the run that goes on is a slow one. */
  #lookAgainMs(): number | undefined {
    if (this.#ended().length > 0) return STORE_MS;
    const hasMore = this.#waiting.length > 0 || this.#mayBeMore;
    return this.#mostAtATime > 1 && hasMore && !this.#overlaps() ? SLOW_MS : undefined;
  }
}

function wasStopped({ outcome }: RunEnd): boolean {
  return outcome.failure?.limit === "stopped";
}
