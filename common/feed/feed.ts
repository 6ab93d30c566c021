import { checkColumns, checkRow, withFirstSteps } from "./columns";
import { FeedError } from "./errors";
import { ascending, descending } from "./keyset";
import { literalsFor, measureReading, unknownZone } from "./literals";
import { compare, LAST } from "./position";
import { fingerprint, newState, readState } from "./state";
import type { Budget, FeedOptions, FeedState, PollReport, Position, Version } from "./types";
import { cell, Walker } from "./walker";
import type { Chunk, Row } from "./walker";
import { YoungMemory } from "./young";

/** Events per save: well under the 100 ids a platform remembers, so that a repeated slice is recognised (docs/sources.md). */
const SLICE = 50;
const WINDOW = 60;
const MEMORY = 42_000;
const BUDGET: Budget = { rows: 5_000, requests: 200, seconds: 45 };
/** Literals read as UTC today may be read otherwise when the zone's clock changes, so the measurement ages. Seconds. */
const READING_AGE = { utc: 86_400, zone: 3_600, unknown: 0 };

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
  const print = fingerprint(options);
  return {
    start: (how) => new Run(options, print).start(how?.first ?? 25, how?.since),
    poll: () => new Run(options, print).poll(),
    resume: async () => {
      if (readState(options.load(), print)) return undefined;
      return new Run(options, print).start(0);
    },
  };
}

/** One poll or start. */
class Run {
  private readonly window: number;
  private readonly budget: Budget;
  private readonly stopwatch: () => number;
  private readonly walker: Walker;
  private readonly began: number;
  private state: FeedState;
  private young: YoungMemory;
  private slice: Version[] = [];
  private dirty = false;
  private emitted = 0;
  private hidden = 0;
  private now = 0;
  /** Settled boundary of the polls before this one; records created later may be new to us. */
  private before = 0;
  private forgotten = -Infinity;

  constructor(
    private readonly options: FeedOptions,
    private readonly print: string,
  ) {
    this.window = options.window ?? WINDOW;
    this.budget = { ...BUDGET, ...options.budget };
    this.stopwatch = options.stopwatch ?? (() => performance.now());
    this.began = this.stopwatch();
    this.state = newState(print, { time: 0, id: LAST }, this.savesSoFar());
    this.young = new YoungMemory(this.memory);
    this.walker = this.makeWalker(this.fields());
  }

  private get memory(): number {
    return this.options.memory ?? MEMORY;
  }

  private makeWalker(fields: string[] | undefined): Walker {
    const limit = this.options.pageSize ?? (fields ? 1_000 : 200);
    return new Walker(this.options, limit, fields, this.stopwatch);
  }

  private fields(): string[] | undefined {
    const { fields, column, filterColumns = [] } = this.options;
    if (!fields || fields.length === 0) return undefined;
    return [
      ...new Set([
        ...fields,
        "sys_id",
        column,
        "sys_mod_count",
        "sys_created_on",
        ...withFirstSteps(filterColumns),
      ]),
    ];
  }

  private savesSoFar(): number {
    const saved = this.options.load();
    return typeof saved === "object" && saved !== null && "n" in saved && typeof saved.n === "number"
      ? saved.n
      : 0;
  }

  private report(started: boolean, waiting: number | null): PollReport {
    const { emitted, hidden, now } = this;
    return { emitted, requests: this.walker.requests, started, waiting, hidden, now };
  }

  /** The last second whose records have all had their time to become visible, as of a read that began then. */
  private settled(asOf: number): number {
    return asOf - this.window - 1;
  }

  async start(first: number, since = Number.POSITIVE_INFINITY): Promise<PollReport> {
    const { column } = this.options;
    const checked = await checkColumns(this.options);
    this.walker.requests++;
    const page = await this.walker.page([], descending(column), 100);
    const boundary = this.settled(Math.min(page.asOf, since));
    this.now = page.asOf;
    this.state = { ...newState(this.print, { time: boundary, id: LAST }, this.savesSoFar()), c: checked };
    const [newest] = page.rows;
    if (newest) await this.measure(newest);
    const anew = since === Number.POSITIVE_INFINITY;
    if (anew) for (const row of page.rows) this.remember(row, boundary);
    const oldest = page.rows.at(-1);
    if (anew && oldest && oldest.time > boundary && (page.total ?? Infinity) > page.rows.length) {
      await this.rememberYoung({ time: boundary, id: LAST }, boundary);
    }
    const chosen = first > 0 ? page.rows.slice(0, Math.min(first, 25)).reverse() : [];
    this.slice = chosen.map((row) => this.version(row));
    this.dirty = true;
    await this.flush();
    return this.report(true, 0);
  }

  private remember({ time, sysId, row }: Row, boundary: number): void {
    if (time > boundary && !this.young.full) this.young.add(time, sysId, this.modCount(row));
  }

  /** Records of the last minute before the start are history too: remembered, not emitted. */
  private async rememberYoung(from: Position, boundary: number): Promise<void> {
    const walker = this.makeWalker(["sys_id", this.options.column, "sys_mod_count"]);
    let position = from;
    while (!this.young.full) {
      const chunk = await walker.next(position, literalsFor(this.state.z));
      for (const row of chunk.rows) this.remember(row, boundary);
      if (chunk.covered === "end" || compare(chunk.covered, position) <= 0) break;
      position = chunk.covered;
    }
    this.walker.requests += walker.requests;
  }

  async poll(): Promise<PollReport> {
    const state = readState(this.options.load(), this.print);
    if (!state) {
      if (this.options.load() !== undefined && this.options.load() !== null) {
        this.options.log?.(
          "The table, the filter or the account of this source changed: it starts anew, from now on.",
        );
        return this.start(0);
      }
      return this.start(25);
    }
    this.state = state;
    this.before = state.p;
    this.young = new YoungMemory(this.memory, state.y);
    if (state.z.kind === "unknown" && !(await this.settleReading())) return this.report(false, 0);
    let position: Position = { time: state.t, id: state.i };
    let boundary = position.time;
    let measured = false;
    for (;;) {
      const chunk = await this.walker.next(position, literalsFor(this.state.z));
      if (this.now === 0) this.now = chunk.asOf;
      if (!measured && this.shouldMeasure(chunk)) {
        measured = true;
        const before = JSON.stringify(this.state.z);
        const probe = chunk.early ?? chunk.rows.at(-1);
        if (probe) await this.measure(probe);
        if (JSON.stringify(this.state.z) !== before) continue;
      }
      if (chunk.early && chunk.rows.length === 0 && chunk.covered !== "end") this.refuseStalled(chunk);
      if (this.now === 0) this.now = chunk.asOf;
      // Raised only while all that lies behind was read settled; what was read young cannot be called settled afterwards.
      if (position.time <= boundary) boundary = Math.max(boundary, this.settled(chunk.asOf));
      this.hidden += chunk.hidden;
      this.checkFirst(chunk);
      const done = await this.take(chunk.rows, boundary);
      if (done !== "all") return this.leave(chunk, done);
      this.coverThrough(chunk, boundary);
      // What is stamped later than the clock of this read is for the next poll.
      if (chunk.covered === "end" || chunk.covered.time > chunk.asOf) break;
      position = chunk.covered;
      if (this.overBudget()) return this.leave(chunk, "budget");
    }
    await this.flush();
    return this.report(false, 0);
  }

  /** Emits the rows of a chunk in order. Stops where the memory of young rows is full or the budget is spent. */
  private async take(rows: Row[], boundary: number): Promise<"all" | "memory" | "budget"> {
    for (const row of rows) {
      const { time, sysId } = row;
      const mod = this.modCount(row.row);
      const known = this.young.has(time, sysId, mod);
      if (!known && this.emitted + this.slice.length >= this.budget.rows) {
        await this.flush();
        return "budget";
      }
      if (time > boundary) {
        this.forget(boundary);
        if (known) continue;
        if (this.young.full) {
          await this.flush();
          return "memory";
        }
        this.slice.push(this.version(row));
        this.young.add(time, sysId, mod);
      } else {
        if (!known) this.slice.push(this.version(row));
        this.advance({ time, id: sysId });
      }
      this.dirty = true;
      if (this.slice.length >= SLICE) {
        this.dropBehindCursor();
        await this.flush();
      }
    }
    return "all";
  }

  private advance(to: Position): void {
    if (compare(to, { time: this.state.t, id: this.state.i }) <= 0) return;
    this.state.t = to.time;
    this.state.i = to.id;
    this.dirty = true;
  }

  /** All up to the boundary was read: young versions from there are behind the cursor and need no memory. */
  private forget(boundary: number): void {
    if (boundary <= this.forgotten) return;
    this.forgotten = boundary;
    this.state.p = Math.max(this.state.p, boundary);
    const latest = this.young.dropThrough(boundary);
    if (latest !== undefined) this.advance({ time: latest, id: LAST });
  }

  private dropBehindCursor(): void {
    this.young.dropThrough(this.state.t - 1);
    this.state.p = Math.max(this.state.p, this.state.t);
  }

  private coverThrough(chunk: Chunk, boundary: number): void {
    if (chunk.covered === "end") {
      // Unreadable records that have settled are left behind, or every poll would read past them again.
      if (chunk.hidden > 0) this.advance({ time: boundary, id: LAST });
      this.forget(boundary);
    } else if (chunk.covered.time <= boundary) {
      this.advance(chunk.covered);
    } else if (chunk.hidden > 0) {
      this.advance({ time: boundary, id: LAST });
      this.forget(boundary);
    }
  }

  private overBudget(): boolean {
    const { requests, seconds, rows } = this.budget;
    return (
      this.walker.requests >= requests ||
      (this.stopwatch() - this.began) / 1000 >= seconds ||
      this.emitted + this.slice.length >= rows
    );
  }

  private async leave(chunk: Chunk, why: "memory" | "budget"): Promise<PollReport> {
    this.dropBehindCursor();
    await this.flush();
    const behind = Math.max(0, this.now - this.state.t);
    const waiting = chunk.total === null ? null : Math.max(1, chunk.total - this.young.size);
    this.options.log?.(
      why === "memory"
        ? `Many records changed within the last minute (${this.young.size} of them emitted). The others follow when they are ${this.window} seconds old; nothing is dropped.`
        : `This poll ends with its budget after ${this.emitted} events. ${waiting === null ? "More" : `About ${waiting}`} records wait, the oldest ${behind} seconds old; the next poll goes on with them.`,
    );
    return this.report(false, waiting);
  }

  /** While no record was there to measure with, a poll looks for one first. Returns false when there is none at all. */
  private async settleReading(): Promise<boolean> {
    const { column } = this.options;
    const early = literalsFor({ kind: "unknown" }).before(this.state.t);
    const page = await this.walker.page([`${column}>=${early.literal}`], ascending(column), 5);
    this.now = page.asOf;
    if (page.total === 0) return false;
    for (const row of page.rows) {
      await this.measure(row);
      if (this.state.z.kind !== "unknown") break;
    }
    return true;
  }

  private shouldMeasure(chunk: Chunk): boolean {
    if (chunk.early) return true;
    if (chunk.rows.length === 0) return false;
    return chunk.asOf - this.state.za > READING_AGE[this.state.z.kind];
  }

  /** Finds out, with a record at hand, how the instance reads date literals. */
  private async measure(probe: Row): Promise<void> {
    const { column, table, zone } = this.options;
    const fields = ["sys_id", column];
    const isBetween = async (from: string, to: string) => {
      const query = `sys_id=${probe.sysId}^${column}>=${from}^${column}<=${to}`;
      const page = await this.probe(query, fields);
      return page.some((row) => cell(row, "sys_id") === probe.sysId);
    };
    const reading = await measureReading({ isBetween, time: probe.time, ...(zone ? { zone } : {}) });
    if (reading) {
      this.state.z = reading;
      this.state.za = this.now;
      this.dirty = true;
      return;
    }
    const [again] = await this.probe(`sys_id=${probe.sysId}`, fields);
    const unchanged = again !== undefined && cell(again, column) === cell(probe.row, column);
    // A record that has changed or gone since proves nothing; the next poll measures again, and bounds stay early until then.
    if (unchanged && this.state.z.kind !== "zone") throw unknownZone(table);
  }

  private async probe(query: string, fields: string[]): Promise<Record<string, unknown>[]> {
    this.walker.requests++;
    const { rows } = await this.options.read({
      query,
      fields,
      limit: 1,
      displayValue: this.options.displayValue ?? "false",
    });
    return rows;
  }

  private refuseStalled(chunk: Chunk): never {
    throw new FeedError(
      "stalled",
      `The feed of ${this.options.table} stands still: ServiceNow answered a request for records after a point in time with ${chunk.hidden > 0 ? "earlier records" : "records from before it"}. ` +
        `Likely an access rule (query_range) hides ${this.options.column} from conditions for this account. Ask an administrator to allow query_range on ${this.options.column} and sys_id. Nothing was skipped.`,
    );
  }

  /** On an empty table the columns could not be checked; the first record that comes makes up for it. */
  private checkFirst(chunk: Chunk): void {
    const [first] = chunk.rows;
    if (this.state.c || !first) return;
    checkRow(this.options, first.row, this.fields() !== undefined);
    this.state.c = true;
    this.dirty = true;
  }

  private modCount(row: Record<string, unknown>): string {
    return this.options.column === "sys_created_on" ? "" : cell(row, "sys_mod_count");
  }

  private version({ row, sysId, time }: Row): Version {
    const modCount = cell(row, "sys_mod_count");
    const byCreation = this.options.column === "sys_created_on";
    const createdOn = cell(row, "sys_created_on");
    const bornSince = createdOn !== "" && Date.parse(`${createdOn.replace(" ", "T")}Z`) / 1000 > this.before;
    return {
      row,
      sysId,
      time,
      modCount,
      id: byCreation ? sysId : `${sysId}-${time.toString(36)}-${modCount}`.slice(0, 64),
      ts: time * 1000,
      created: byCreation || modCount === "0" || (bornSince && !this.young.hasRecord(sysId)),
    };
  }

  /** Emits the slice and saves behind it. */
  private async flush(): Promise<void> {
    if (this.slice.length === 0 && !this.dirty) return;
    if (this.savesSoFar() > this.state.n) {
      throw new FeedError(
        "stalled",
        "Another poll of this source ran at the same time and is ahead; this one stops so that no event is emitted twice. Use a longer interval if this happens often.",
      );
    }
    const slice = this.slice;
    this.slice = [];
    if (slice.length > 0) await this.options.emit(slice);
    this.emitted += slice.length;
    this.state = { ...this.state, n: this.state.n + 1, y: this.young.toJSON() };
    if (this.options.extra) this.state.x = this.options.extra();
    await this.options.save(this.state);
    this.dirty = false;
  }
}
