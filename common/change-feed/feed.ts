import { checkColumns, checkRow, checkSight, withFirstSteps } from "./columns";
import { FeedError } from "./errors";
import { descending } from "./keyset";
import { BUDGET, Ledger, savesSoFar } from "./emit-log";
import { compare, LAST } from "./position";
import { LiteralReading } from "./reading";
import { fingerprint, newState, readState, STARTS_ANEW } from "./state";
import { formatStamp } from "../time/stamp";
import type { Budget, FeedOptions, FeedState, PollReport, Position } from "./types";
import { Walker } from "./keyset-reader";
import type { Chunk } from "./chunk";

const WINDOW = 60;
const DAY = 86_400;
const MEMORY = 42_000;
/** Records that a start may emit. */
const FIRST = 25;

/** One feed over one saved state. Each call resolves to what it did, and rejects with a FeedError or with what `read`, `emit` or `save` threw;
 * events emitted before that are saved. */
export interface Feed {
  /**
   * Begins at the instance's present; emits the newest `first` records (0 to 25), oldest first. Replaces any state.
   * `since`: begin at that instance time (epoch seconds) instead, and forget nothing that changed after it.
   */
  start(options?: { first?: number; since?: number }): Promise<PollReport>;
  /** Emits what is new since the state was saved. Without a usable state it starts. */
  poll(): Promise<PollReport>;
  /** Starts (emitting nothing) when there is no state or it belongs to another filter. For the activation of a source. */
  resume(): Promise<PollReport | undefined>;
}

/**
 * A feed of record versions; the promise is in docs/sources.md. Errors: FeedError for what cannot be followed, and whatever
 * `read` throws. After an error the state stands where the last emitted slice left it.
 */
export function createFeed(options: FeedOptions): Feed {
  const print = fingerprint({ ...options, groups: options.identity ?? options.groups });
  // States of versions that took the groups for the name go on.
  const prints = [print, fingerprint(options)] as const;
  const start = (first: number, since?: number) => new Start(options, print).run(first, since);
  return {
    start: (how) => start(how?.first ?? FIRST, how?.since),
    poll: async () => {
      const saved = options.load();
      const state = readState(saved, prints);
      const report = state && (await new Poll(options, state).run());
      if (report) return report;
      if (saved === undefined || saved === null) return start(FIRST);
      options.log?.(STARTS_ANEW);
      return start(0);
    },
    resume: async () => (readState(options.load(), prints) ? undefined : start(0)),
  };
}

/** The columns to ask for: those chosen, and those the cursor and the check of the filter need. Undefined: all. */
function fieldsOf({ fields, column, filterColumns = [] }: FeedOptions): string[] | undefined {
  if (!fields || fields.length === 0) return undefined;
  const needed = ["sys_id", column, "sys_mod_count", "sys_created_on"];
  return [...new Set([...fields, ...needed, ...withFirstSteps(filterColumns)])];
}

const stopwatchOf = (options: FeedOptions) => options.stopwatch ?? (() => performance.now());

function walkerFor(options: FeedOptions, fields: string[] | undefined): Walker {
  return new Walker(options, options.pageSize ?? (fields ? 1_000 : 200), fields, stopwatchOf(options));
}

/** The last second whose records have all had their time to become visible, as of a read that began then. */
const settled = (options: FeedOptions, asOf: number): number => asOf - (options.window ?? WINDOW) - 1;

/** The beginning of a feed at the instance's present. */
class Start {
  private readonly walker: Walker;

  constructor(
    private readonly options: FeedOptions,
    private readonly print: string,
  ) {
    this.walker = walkerFor(options, fieldsOf(options));
  }

  async run(first: number, since = Number.POSITIVE_INFINITY): Promise<PollReport> {
    const { options, walker } = this;
    const checked = await checkColumns(options);
    walker.requests++;
    const page = await walker.page([], descending(options.column), 100);
    const boundary = settled(options, Math.min(page.asOf, since));
    const from: Position = { time: boundary, id: LAST };
    const state: FeedState = { ...newState(this.print, from, savesSoFar(options.load())), c: checked };
    const ledger = new Ledger(options, state, options.memory ?? MEMORY);
    const reading = new LiteralReading(options, state, walker);
    const [newest] = page.rows;
    if (newest) {
      state.r = newest.sysId;
      await reading.measure(newest, page.asOf);
    }
    if (since === Number.POSITIVE_INFINITY) {
      for (const row of page.rows) ledger.remember(row, boundary);
      const oldest = page.rows.at(-1);
      const isAll = (page.total ?? Infinity) <= page.rows.length;
      if (oldest && oldest.time > boundary && !isAll) await this.rememberYoung(ledger, reading, boundary);
    }
    await ledger.put(page.rows.slice(0, Math.max(0, Math.min(first, FIRST))).reverse());
    return {
      emitted: ledger.emitted,
      hidden: 0,
      now: page.asOf,
      requests: walker.requests,
      started: true,
      waiting: 0,
    };
  }

  /** Records of the last minute before the start, where they are more than a page. */
  private async rememberYoung(ledger: Ledger, reading: LiteralReading, boundary: number): Promise<void> {
    const walker = walkerFor(this.options, ["sys_id", this.options.column, "sys_mod_count"]);
    let position: Position = { time: boundary, id: LAST };
    while (!ledger.young.full) {
      const chunk = await walker.next(position, reading.literals);
      for (const row of chunk.rows) ledger.remember(row, boundary);
      if (chunk.covered === "end" || compare(chunk.covered, position) <= 0) break;
      position = chunk.covered;
    }
    this.walker.requests += walker.requests;
  }
}

/** One poll. */
class Poll {
  private readonly budget: Budget;
  private readonly stopwatch: () => number;
  private readonly began: number;
  private readonly fields: string[] | undefined;
  private readonly walker: Walker;
  private readonly ledger: Ledger;
  private readonly reading: LiteralReading;
  private hidden = 0;
  private now = 0;
  private checked: "sight" | "columns" | undefined;

  constructor(
    private readonly options: FeedOptions,
    private readonly state: FeedState,
  ) {
    this.budget = { ...BUDGET, ...options.budget };
    this.stopwatch = stopwatchOf(options);
    this.began = this.stopwatch();
    this.fields = fieldsOf(options);
    this.walker = walkerFor(options, this.fields);
    this.ledger = new Ledger(options, state, options.memory ?? MEMORY);
    this.reading = new LiteralReading(options, state, this.walker);
  }

  /** Undefined where the cursor cannot be right: no clock is put back by more than a day. */
  async run(): Promise<PollReport | undefined> {
    const { state, ledger } = this;
    if (state.z.kind === "unknown") {
      const now = await this.reading.settle();
      if (now === undefined) return this.report(0);
      this.now = now;
    }
    let position: Position = ledger.cursor;
    let boundary = position.time;
    let ahead: Promise<Chunk> | undefined;
    for (;;) {
      const chunk = this.upToEnd(await (ahead ?? this.walker.next(position, this.reading.literals)));
      ahead = undefined;
      if (this.now === 0) {
        this.now = chunk.asOf;
        if (state.t - this.now > DAY) return undefined;
        this.tellIfAhead();
      }
      if (!(await this.trusts(chunk, position))) continue;
      if (chunk.early && chunk.rows.length === 0 && chunk.covered !== "end") this.refuseStalled(chunk);
      // Raised only while all that lies behind was read settled; what was read young cannot be called settled afterwards.
      if (position.time <= boundary) boundary = Math.max(boundary, settled(this.options, chunk.asOf));
      this.hidden += chunk.hidden;
      await this.checkFirst(chunk);
      ahead = this.readAhead(chunk);
      const done = await ledger.take(chunk.rows, boundary, this.budget.rows);
      if (done !== "all") return this.leave(chunk, done);
      ledger.cover(chunk, boundary);
      // What is stamped later than the clock of this read is for the next poll.
      if (chunk.covered === "end" || chunk.covered.time > chunk.asOf) break;
      position = chunk.covered;
      // A page that is under way already is not thrown away.
      if (!ahead && this.overBudget()) return this.leave(chunk, "budget");
    }
    await ledger.flush();
    return this.report(0);
  }

  /** Asks for the next page while the events of this one go out. It is only read: nothing is decided by it before its turn. */
  private readAhead({ covered, asOf, rows }: Chunk): Promise<Chunk> | undefined {
    const { budget, ledger, walker } = this;
    if (covered === "end" || covered.time > asOf - (this.options.window ?? WINDOW)) return undefined;
    if (walker.requests + 1 >= budget.requests || ledger.events + rows.length >= budget.rows)
      return undefined;
    const reading = walker.next(covered, this.reading.literals);
    // An error is met when its turn comes.
    reading.catch(() => undefined);
    return reading;
  }

  /** The part of a chunk that is not later than `until`. */
  private upToEnd(chunk: Chunk): Chunk {
    const { until = Number.POSITIVE_INFINITY } = this.options;
    if (chunk.covered === "end" || chunk.covered.time <= until) {
      if (!chunk.rows.some(({ time }) => time > until)) return chunk;
    }
    return { ...chunk, rows: chunk.rows.filter(({ time }) => time <= until), covered: "end" };
  }

  private async trusts(chunk: Chunk, from: Position): Promise<boolean> {
    const before = this.state.za;
    const expected = this.ledger.young.hasAfter(from.id === LAST ? from.time : from.time - 1);
    const trusted = await this.reading.trusts(chunk, from, expected);
    if (!trusted || this.state.za !== before) this.ledger.touch();
    return trusted;
  }

  private report(waiting: number | null): PollReport {
    const { hidden, now } = this;
    return {
      emitted: this.ledger.emitted,
      requests: this.walker.requests,
      started: false,
      waiting,
      hidden,
      now,
    };
  }

  private get secondsSpent(): number {
    return (this.stopwatch() - this.began) / 1000;
  }

  private overBudget(): boolean {
    const { requests, seconds, rows } = this.budget;
    return this.walker.requests >= requests || this.secondsSpent >= seconds || this.ledger.events >= rows;
  }

  /** Ends a poll that has not read everything, and says how much is left. */
  private async leave(chunk: Chunk, why: "memory" | "budget"): Promise<PollReport> {
    const { ledger, options } = this;
    ledger.dropBehindCursor();
    await ledger.flush();
    const behind = Math.max(0, this.now - this.state.t);
    const waiting = chunk.total === null ? null : Math.max(1, chunk.total - ledger.young.size);
    options.log?.(
      why === "memory"
        ? `Many records changed within the last minute (${ledger.young.size} of them emitted). The others follow when they are ${options.window ?? WINDOW} seconds old; nothing is dropped.`
        : `This poll ends with its budget after ${ledger.emitted} events. ${waiting === null ? "More" : `About ${waiting}`} records wait, the oldest ${behind} seconds old; the next poll goes on with them.`,
    );
    return this.report(waiting);
  }

  /** The clock of an instance can be put back; until it has caught up, nothing is behind the cursor. */
  private tellIfAhead(): void {
    const ahead = this.state.t - this.now;
    if (ahead <= 0) return;
    this.options.log?.(
      `The cursor of this source stands ${ahead} seconds ahead of the instance's clock, which must have been put back; what is stamped before ${formatStamp(this.state.t)} UTC is not emitted. Deploy the source anew to begin at the present.`,
    );
  }

  private refuseStalled(chunk: Chunk): never {
    throw new FeedError(
      "stalled",
      `The feed of ${this.options.table} stands still: ServiceNow answered a request for records after a point in time with ${chunk.hidden > 0 ? "earlier records" : "records from before it"}. ` +
        `Likely an access rule (query_range) hides ${this.options.column} from conditions for this account. Ask an administrator to allow query_range on ${this.options.column} and sys_id. Nothing was skipped.`,
    );
  }

  /**
   * Checks the columns again with the first record of a poll: the table may have been empty before, and a right or a column may be gone. The
   * same where hidden records come first: they may be all that there is to an account that has lost its right.
   */
  private async checkFirst({ rows: [first], hidden }: Chunk): Promise<void> {
    const { options, state, walker } = this;
    if (!first) {
      if (hidden === 0 || this.checked) return;
      this.checked = "sight";
      walker.requests++;
      return checkSight(options, state.r);
    }
    if (this.checked === "columns") return;
    this.checked = "columns";
    try {
      checkRow(options, first.row, this.fields !== undefined);
    } catch {
      // One record may lack what others have: a path over a reference that cannot be read.
      walker.requests++;
      await checkColumns(options);
    }
    if (state.c) return;
    state.c = true;
    this.ledger.touch();
  }
}
