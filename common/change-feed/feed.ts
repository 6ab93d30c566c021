import { checkColumns, checkRow, checkAccess, withFirstSteps } from "./columns";
import { FeedError } from "./errors";
import { descending } from "./keyset";
import { BUDGET, EmitLog } from "./emit-log";
import { compare, LAST } from "./position";
import { DateLiteralModeCheck } from "./date-literal-mode-check";
import { fingerprint, newState, readState, savesSoFar, STARTS_ANEW } from "./state";
import { formatStamp } from "../time/stamp";
import type { Budget, FeedOptions, FeedState, PollReport, Position } from "./types";
import { KeysetReader } from "./keyset-reader";
import type { FeedPage } from "./feed-page";

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
  const streamFingerprint = fingerprint({ ...options, groups: options.identity ?? options.groups });
  // States of versions that took the groups for the name go on.
  const fingerprints = [streamFingerprint, fingerprint(options)] as const;
  const start = (first: number, since?: number) => new Start(options, streamFingerprint).run(first, since);
  return {
    start: (how) => start(how?.first ?? FIRST, how?.since),
    poll: async () => {
      const saved = options.load();
      const state = readState(saved, fingerprints);
      const report = state && (await new Poll(options, state).run());
      if (report) return report;
      if (saved === undefined || saved === null) return start(FIRST);
      options.log?.(STARTS_ANEW);
      return start(0);
    },
    resume: async () => (readState(options.load(), fingerprints) ? undefined : start(0)),
  };
}

/** The columns to ask for: those chosen, and those the cursor and the check of the filter need. Undefined: all. */
function fieldsOf({ fields, column, filterColumns = [] }: FeedOptions): string[] | undefined {
  if (!fields || fields.length === 0) return undefined;
  const needed = ["sys_id", column, "sys_mod_count", "sys_created_on"];
  return [...new Set([...fields, ...needed, ...withFirstSteps(filterColumns)])];
}

const stopwatchOf = (options: FeedOptions) => options.stopwatch ?? (() => performance.now());

function readerFor(options: FeedOptions, fields: string[] | undefined): KeysetReader {
  return new KeysetReader(options, options.pageSize ?? (fields ? 1_000 : 200), fields, stopwatchOf(options));
}

/** The last second whose records have all had their time to become visible, as of a read that began then. */
const settled = (options: FeedOptions, asOf: number): number => asOf - (options.window ?? WINDOW) - 1;

/** The beginning of a feed at the instance's present. */
class Start {
  private readonly reader: KeysetReader;

  constructor(
    private readonly options: FeedOptions,
    private readonly streamFingerprint: string,
  ) {
    this.reader = readerFor(options, fieldsOf(options));
  }

  async run(first: number, since = Number.POSITIVE_INFINITY): Promise<PollReport> {
    const { options, reader } = this;
    const checked = await checkColumns(options);
    reader.requests++;
    const page = await reader.page([], descending(options.column), 100);
    const boundary = settled(options, Math.min(page.asOf, since));
    const from: Position = { time: boundary, id: LAST };
    const state: FeedState = {
      ...newState(this.streamFingerprint, from, savesSoFar(options.load())),
      columnsChecked: checked,
    };
    const emitLog = new EmitLog(options, state, options.memory ?? MEMORY);
    const literalModeCheck = new DateLiteralModeCheck(options, state, reader);
    const [newest] = page.rows;
    if (newest) {
      state.readableId = newest.sysId;
      await literalModeCheck.measure(newest, page.asOf);
    }
    if (since === Number.POSITIVE_INFINITY) {
      for (const row of page.rows) emitLog.remember(row, boundary);
      const oldest = page.rows.at(-1);
      const isAll = (page.total ?? Infinity) <= page.rows.length;
      if (oldest && oldest.time > boundary && !isAll)
        await this.rememberRecent(emitLog, literalModeCheck, boundary);
    }
    await emitLog.put(page.rows.slice(0, Math.max(0, Math.min(first, FIRST))).reverse());
    return {
      emitted: emitLog.emitted,
      filteredByAcl: 0,
      now: page.asOf,
      requests: reader.requests,
      started: true,
      waiting: 0,
    };
  }

  /** Records of the last minute before the start, where they are more than a page. */
  private async rememberRecent(
    emitLog: EmitLog,
    literalModeCheck: DateLiteralModeCheck,
    boundary: number,
  ): Promise<void> {
    const reader = readerFor(this.options, ["sys_id", this.options.column, "sys_mod_count"]);
    let position: Position = { time: boundary, id: LAST };
    while (!emitLog.recent.full) {
      const page = await reader.next(position, literalModeCheck.literals);
      for (const row of page.rows) emitLog.remember(row, boundary);
      if (page.covered === "end" || compare(page.covered, position) <= 0) break;
      position = page.covered;
    }
    this.reader.requests += reader.requests;
  }
}

/** One poll. */
class Poll {
  private readonly budget: Budget;
  private readonly stopwatch: () => number;
  private readonly began: number;
  private readonly fields: string[] | undefined;
  private readonly reader: KeysetReader;
  private readonly emitLog: EmitLog;
  private readonly literalModeCheck: DateLiteralModeCheck;
  private filteredByAcl = 0;
  private now = 0;
  private checked: "access" | "columns" | undefined;

  constructor(
    private readonly options: FeedOptions,
    private readonly state: FeedState,
  ) {
    this.budget = { ...BUDGET, ...options.budget };
    this.stopwatch = stopwatchOf(options);
    this.began = this.stopwatch();
    this.fields = fieldsOf(options);
    this.reader = readerFor(options, this.fields);
    this.emitLog = new EmitLog(options, state, options.memory ?? MEMORY);
    this.literalModeCheck = new DateLiteralModeCheck(options, state, this.reader);
  }

  /** Undefined where the cursor cannot be right: no clock is put back by more than a day. */
  async run(): Promise<PollReport | undefined> {
    const { state, emitLog } = this;
    if (state.literalMode.kind === "unknown") {
      const now = await this.literalModeCheck.settle();
      if (now === undefined) return this.report(0);
      this.now = now;
    }
    let position: Position = emitLog.cursor;
    let boundary = position.time;
    let ahead: Promise<FeedPage> | undefined;
    for (;;) {
      const page = this.upToEnd(await (ahead ?? this.reader.next(position, this.literalModeCheck.literals)));
      ahead = undefined;
      if (this.now === 0) {
        this.now = page.asOf;
        if (state.cursor.time - this.now > DAY) return undefined;
        this.tellIfAhead();
      }
      if (!(await this.trusts(page, position))) continue;
      if (page.early && page.rows.length === 0 && page.covered !== "end") this.refuseStalled(page);
      // Raised only while all that lies behind was read settled; what was read recent cannot be called settled afterwards.
      if (position.time <= boundary) boundary = Math.max(boundary, settled(this.options, page.asOf));
      this.filteredByAcl += page.filteredByAcl;
      await this.checkFirst(page);
      ahead = this.readAhead(page);
      const done = await emitLog.take(page.rows, boundary, this.budget.rows);
      if (done !== "all") return this.leave(page, done);
      emitLog.cover(page, boundary);
      // What is stamped later than the clock of this read is for the next poll.
      if (page.covered === "end" || page.covered.time > page.asOf) break;
      position = page.covered;
      // A page that is under way already is not thrown away.
      if (!ahead && this.overBudget()) return this.leave(page, "budget");
    }
    await emitLog.flush();
    return this.report(0);
  }

  /** Asks for the next page while the events of this one go out. It is only read: nothing is decided by it before its turn. */
  private readAhead({ covered, asOf, rows }: FeedPage): Promise<FeedPage> | undefined {
    const { budget, emitLog, reader } = this;
    if (covered === "end" || covered.time > asOf - (this.options.window ?? WINDOW)) return undefined;
    if (reader.requests + 1 >= budget.requests || emitLog.events + rows.length >= budget.rows)
      return undefined;
    const reading = reader.next(covered, this.literalModeCheck.literals);
    // An error is met when its turn comes.
    reading.catch(() => undefined);
    return reading;
  }

  /** The part of a page that is not later than `until`. */
  private upToEnd(page: FeedPage): FeedPage {
    const { until = Number.POSITIVE_INFINITY } = this.options;
    if (page.covered === "end" || page.covered.time <= until) {
      if (!page.rows.some(({ time }) => time > until)) return page;
    }
    return { ...page, rows: page.rows.filter(({ time }) => time <= until), covered: "end" };
  }

  private async trusts(page: FeedPage, from: Position): Promise<boolean> {
    const before = this.state.literalModeMeasuredAt;
    const expected = this.emitLog.recent.hasAfter(from.id === LAST ? from.time : from.time - 1);
    const trusted = await this.literalModeCheck.trusts(page, from, expected);
    if (!trusted || this.state.literalModeMeasuredAt !== before) this.emitLog.touch();
    return trusted;
  }

  private report(waiting: number | null): PollReport {
    const { filteredByAcl, now } = this;
    return {
      emitted: this.emitLog.emitted,
      requests: this.reader.requests,
      started: false,
      waiting,
      filteredByAcl,
      now,
    };
  }

  private get secondsSpent(): number {
    return (this.stopwatch() - this.began) / 1000;
  }

  private overBudget(): boolean {
    const { requests, seconds, rows } = this.budget;
    return this.reader.requests >= requests || this.secondsSpent >= seconds || this.emitLog.events >= rows;
  }

  /** Ends a poll that has not read everything, and says how much is left. */
  private async leave(page: FeedPage, why: "memory" | "budget"): Promise<PollReport> {
    const { emitLog, options } = this;
    emitLog.dropBehindCursor();
    await emitLog.flush();
    const behind = Math.max(0, this.now - this.state.cursor.time);
    const waiting = page.total === null ? null : Math.max(1, page.total - emitLog.recent.size);
    options.log?.(
      why === "memory"
        ? `Many records changed within the last minute (${emitLog.recent.size} of them emitted). The others follow when they are ${options.window ?? WINDOW} seconds old; nothing is dropped.`
        : `This poll ends with its budget after ${emitLog.emitted} events. ${waiting === null ? "More" : `About ${waiting}`} records wait, the oldest ${behind} seconds old; the next poll goes on with them.`,
    );
    return this.report(waiting);
  }

  /** The clock of an instance can be put back; until it has caught up, nothing is behind the cursor. */
  private tellIfAhead(): void {
    const ahead = this.state.cursor.time - this.now;
    if (ahead <= 0) return;
    this.options.log?.(
      `The cursor of this source stands ${ahead} seconds ahead of the instance's clock, which must have been put back; what is stamped before ${formatStamp(this.state.cursor.time)} UTC is not emitted. Deploy the source anew to begin at the present.`,
    );
  }

  private refuseStalled(page: FeedPage): never {
    throw new FeedError(
      "stalled",
      `The feed of ${this.options.table} stands still: ServiceNow answered a request for records after a point in time with ${page.filteredByAcl > 0 ? "earlier records" : "records from before it"}. ` +
        `Likely an access rule (query_range) hides ${this.options.column} from conditions for this account. Ask an administrator to allow query_range on ${this.options.column} and sys_id. Nothing was skipped.`,
    );
  }

  /**
   * Checks the columns again with the first record of a poll: the table may have been empty before, and a right or a column may be gone. The
   * same where hidden records come first: they may be all that there is to an account that has lost its right.
   */
  private async checkFirst({ rows: [first], filteredByAcl }: FeedPage): Promise<void> {
    const { options, state, reader } = this;
    if (!first) {
      if (filteredByAcl === 0 || this.checked) return;
      this.checked = "access";
      reader.requests++;
      return checkAccess(options, state.readableId);
    }
    if (this.checked === "columns") return;
    this.checked = "columns";
    try {
      checkRow(options, first.row, this.fields !== undefined);
    } catch {
      // One record may lack what others have: a path over a reference that cannot be read.
      reader.requests++;
      await checkColumns(options);
    }
    if (state.columnsChecked) return;
    state.columnsChecked = true;
    this.emitLog.touch();
  }
}
