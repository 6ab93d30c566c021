import { FeedError } from "./errors";
import { compare, LAST } from "./position";
import { formatStamp } from "../time/stamp";
import type { Budget, FeedOptions, FeedState, Position, Version } from "./types";
import { cell } from "./feed-page";
import type { FeedPage, Row } from "./feed-page";
import { savesSoFar, writeState } from "./state";
import { RecentVersions } from "./recent-versions";

/** Events per save: well under the 100 ids a platform remembers, so that a repeated slice is recognised (docs/sources.md). */
const SLICE = 50;

/** Where a poll stops by default. */
export const BUDGET: Budget = { rows: 5_000, requests: 200, seconds: 45 };

/** What was emitted, up to where everything is settled, and which versions are remembered until they are. */
export class EmitLog {
  readonly recent: RecentVersions;
  emitted = 0;
  private slice: Version[] = [];
  private dirty = false;
  private forgotten = -Infinity;
  private readonly largestSlice: number;
  /** True when the time of a slow poll is used up; what it emitted is saved by then. */
  private readonly outOfTime: () => boolean;
  /** Settled boundary of the polls before this one, as a stamp: stamps compare as text. Records created later may be new to the feed. */
  private readonly before: string;

  constructor(
    private readonly options: Pick<
      FeedOptions,
      "column" | "load" | "save" | "emit" | "extra" | "slow" | "stopwatch" | "budget"
    >,
    readonly state: FeedState,
    memory: number,
  ) {
    this.before = formatStamp(state.polledAt);
    this.recent = new RecentVersions(memory, state.recent);
    this.largestSlice = options.slow ? 1 : SLICE;
    this.outOfTime = options.slow ? this.deadline() : () => false;
  }

  private deadline(): () => boolean {
    const { stopwatch = () => performance.now(), budget } = this.options;
    const end = stopwatch() + (budget?.seconds ?? BUDGET.seconds) * 1000;
    return () => this.emitted > 0 && stopwatch() >= end;
  }

  /** Everything that could be read up to here was emitted, and will not be read again. */
  get cursor(): Position {
    return this.state.cursor;
  }

  /** Events of this poll, those not saved yet included. */
  get events(): number {
    return this.emitted + this.slice.length;
  }

  /** Something changed that the next flush has to save. */
  touch(): void {
    this.dirty = true;
  }

  /** Records of the last minute before the start are history: remembered, not emitted. */
  remember({ time, sysId, row }: Row, boundary: number): void {
    if (time > boundary && !this.recent.full) this.recent.add(time, sysId, this.modCount(row));
  }

  /** Emits rows that were chosen, whatever their age. */
  async put(rows: readonly Row[]): Promise<void> {
    this.slice = rows.map((row) => this.version(row));
    this.dirty = true;
    await this.flush();
  }

  /** Emits the rows of a page in order. Stops where the memory of recent rows is full or `most` events are reached. */
  async take(rows: readonly Row[], boundary: number, most: number): Promise<"all" | "memory" | "budget"> {
    for (const row of rows) {
      const { time, sysId } = row;
      const mod = this.modCount(row.row);
      const known = this.recent.has(time, sysId, mod);
      if (!known && (this.events >= most || this.outOfTime())) {
        await this.flush();
        return "budget";
      }
      if (time > boundary) {
        this.forget(boundary);
        if (known) continue;
        if (this.recent.full) {
          await this.flush();
          return "memory";
        }
        this.slice.push(this.version(row));
        this.recent.add(time, sysId, mod);
      } else {
        if (!known) this.slice.push(this.version(row));
        this.advance({ time, id: sysId });
      }
      this.dirty = true;
      if (this.slice.length >= this.largestSlice) {
        this.dropBehindCursor();
        await this.flush();
      }
    }
    return "all";
  }

  /** Moves the cursor over what a page has covered, as far as that is settled. */
  cover(page: Pick<FeedPage, "covered" | "filteredByAcl">, boundary: number): void {
    if (page.covered === "end") {
      // The cursor moves past settled records that cannot be read, or every poll would read them again.
      if (page.filteredByAcl > 0) this.advance({ time: boundary, id: LAST });
      this.forget(boundary);
    } else if (page.covered.time <= boundary) {
      this.advance(page.covered);
    } else if (page.filteredByAcl > 0) {
      this.advance({ time: boundary, id: LAST });
      this.forget(boundary);
    }
  }

  private advance(to: Position): void {
    if (compare(to, this.cursor) <= 0) return;
    this.state.cursor = { time: to.time, id: to.id };
    this.dirty = true;
  }

  /** All up to the boundary was read: recent versions from there are behind the cursor and need no memory. */
  private forget(boundary: number): void {
    if (boundary <= this.forgotten) return;
    this.forgotten = boundary;
    this.state.polledAt = Math.max(this.state.polledAt, boundary);
    const latest = this.recent.dropThrough(boundary);
    if (latest !== undefined) this.advance({ time: latest, id: LAST });
  }

  /** Forgets recent versions from before the second of the cursor: no query reads them again. */
  dropBehindCursor(): void {
    this.recent.dropThrough(this.state.cursor.time - 1);
    this.state.polledAt = Math.max(this.state.polledAt, this.state.cursor.time);
  }

  /** Emits the slice and saves behind it. */
  async flush(): Promise<void> {
    if (this.slice.length === 0 && !this.dirty) return;
    if (savesSoFar(this.options.load()) > this.state.saves) {
      throw new FeedError(
        "overtaken",
        "Another poll of this source ran at the same time and has saved more; this one stops so that no event is emitted twice. Use a longer interval if this happens often.",
      );
    }
    const slice = this.slice;
    this.slice = [];
    if (slice.length > 0) await this.options.emit(slice);
    this.emitted += slice.length;
    const last = slice.at(-1);
    if (last) this.state.readableId = last.sysId;
    this.state.saves++;
    this.state.recent = this.recent.toJSON();
    if (this.options.extra) this.state.extra = this.options.extra();
    await this.options.save(writeState(this.state));
    this.dirty = false;
  }

  private modCount(row: Record<string, unknown>): string {
    return this.options.column === "sys_created_on" ? "" : cell(row, "sys_mod_count");
  }

  private version({ row, sysId, time }: Row): Version {
    const modCount = cell(row, "sys_mod_count");
    const byCreation = this.options.column === "sys_created_on";
    const bornSince = cell(row, "sys_created_on") > this.before;
    return {
      row,
      sysId,
      time,
      modCount,
      id: byCreation ? sysId : `${sysId}-${time.toString(36)}-${modCount}`.slice(0, 64),
      ts: time * 1000,
      created: byCreation || modCount === "0" || (bornSince && !this.recent.hasRecord(sysId)),
    };
  }
}
