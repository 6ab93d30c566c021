import { ascending, descending } from "./keyset";
import { literalsFor, measureReading, type Literals } from "../time/date-literals";
import { unknownZone } from "./errors";
import type { FeedOptions, FeedState, Position } from "./types";
import type { Reading } from "../time/date-literals";
import { cell } from "./chunk";
import type { Chunk, Row } from "./chunk";
import type { Walker } from "./keyset-reader";

/** Zones differ by a quarter of an hour at the least: a row this near to the bound shows that the bound was not read too late. */
const SMALLEST_SHIFT = 900;
/** An idle feed asks itself now and then whether it is idle because its bound is read too late. Seconds. */
const IDLE_AGE = { utc: 21_600, zone: 600, unknown: 0 };

type Needed = Pick<FeedOptions, "column" | "table" | "zone" | "read" | "displayValue">;

/** Keeps the answer to how the instance reads date literals, and finds out when it changes. */
export class LiteralReading {
  /** The position whose bound was measured last in this poll. */
  private checked: string | undefined;
  private crossed = false;

  constructor(
    private readonly options: Needed,
    private readonly state: FeedState,
    private readonly walker: Walker,
  ) {}

  /** Date literals as the instance reads them by what is known now. */
  get literals(): Literals {
    return literalsFor(this.state.z);
  }

  /**
   * Whether a chunk read from that position can be trusted. A bound that is read too early brings rows that are known already; one that is
   * read too late leaves out rows behind the position, which shows only as a gap, or as the absence of rows `expected` there; and an
   * upper bound hides both. False: the reading is another one now, and the chunk has to be read again.
   */
  async trusts(chunk: Chunk, from: Position, expected: boolean): Promise<boolean> {
    const place = `${from.time} ${from.id}`;
    if (this.checked === place) return true;
    const { z } = this.state;
    const [first] = chunk.rows;
    const gap = first !== undefined && first.time - from.time >= SMALLEST_SHIFT;
    const before = JSON.stringify(z);
    if (chunk.early || gap || (first && z.kind === "unknown")) {
      await this.measureWith([...(chunk.early ? [chunk.early] : []), ...chunk.rows], chunk.asOf);
    } else if (chunk.bounded && !this.crossed) {
      this.crossed = true;
      await this.recheck(chunk.asOf);
    } else if (!first && (expected || chunk.asOf - this.state.za > IDLE_AGE[z.kind])) {
      await this.recheck(chunk.asOf);
    } else return true;
    this.checked = place;
    return JSON.stringify(this.state.z) === before;
  }

  /** A record that changes under the measurement proves nothing; one of several will hold still. */
  private async measureWith(probes: readonly Row[], now: number): Promise<void> {
    for (const probe of probes.slice(0, 3)) if (await this.measure(probe, now)) return;
    this.keep({ kind: "unknown" }, now);
  }

  /** Without a row that proves it: whether the account has moved to another zone. */
  private async recheck(now: number): Promise<void> {
    const { z } = this.state;
    const { column } = this.options;
    const zone = z.kind === "zone" ? await this.zone() : undefined;
    if (z.kind === "zone" && zone === z.zone) return this.keep(z, now);
    const { rows } = await this.walker.page([], descending(column), 200, ["sys_id", column]);
    if (rows.length > 0) await this.measureWith(rows, now);
    else this.keep(z.kind === "zone" ? { kind: "unknown" } : z, now);
  }

  /** While no record was there to measure with, a poll looks for one first. Undefined when there is none at all. */
  async settle(): Promise<number | undefined> {
    const { column } = this.options;
    const early = literalsFor({ kind: "unknown" }).before(this.state.t);
    const page = await this.walker.page([`${column}>=${early.literal}`], ascending(column), 5);
    if (page.total === 0) return undefined;
    if (page.rows.length > 0) await this.measureWith(page.rows, page.asOf);
    return page.asOf;
  }

  /** Finds out, with a record at hand, how the instance reads date literals. False: the record has changed or gone meanwhile. */
  async measure(probe: Row, now: number): Promise<boolean> {
    const { column, table } = this.options;
    const fields = ["sys_id", column];
    const isBetween = async (from: string, to: string) => {
      const query = `sys_id=${probe.sysId}^${column}>=${from}^${column}<=${to}`;
      const page = await this.probe(query, fields);
      return page.some((row) => cell(row, "sys_id") === probe.sysId);
    };
    const reading = await measureReading({ isBetween, time: probe.time, zone: () => this.zone() });
    if (reading) {
      this.keep(reading, now);
      return true;
    }
    const [again] = await this.probe(`sys_id=${probe.sysId}`, fields);
    if (again === undefined || cell(again, column) !== cell(probe.row, column)) return false;
    throw unknownZone(table);
  }

  private async zone(): Promise<string | undefined> {
    return (await this.options.zone?.())?.trim();
  }

  private keep(reading: Reading, now: number): void {
    this.state.z = reading;
    this.state.za = now;
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
}
