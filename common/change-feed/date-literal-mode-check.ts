import { ascending, descending } from "./keyset";
import { literalsFor, measureDateLiteralMode, type Literals } from "../time/date-literals";
import { unknownZone } from "./errors";
import type { FeedOptions, FeedState, Position } from "./types";
import type { DateLiteralMode } from "../time/date-literals";
import { cell } from "./feed-page";
import type { FeedPage, Row } from "./feed-page";
import type { KeysetReader } from "./keyset-reader";

/** Zones differ by a quarter of an hour at the least: a row this near to the bound shows that the bound was not read too late. */
const SMALLEST_SHIFT = 900;
/** An idle feed asks itself now and then whether it is idle because its bound is read too late. Seconds. */
const IDLE_AGE = { utc: 21_600, zone: 600, unknown: 0 };

type Needed = Pick<FeedOptions, "column" | "table" | "zone" | "read" | "displayValue">;

/** Keeps the answer to how the instance reads date literals, and finds out when it changes. */
export class DateLiteralModeCheck {
  /** The position whose bound was measured last in this poll. */
  private checked: string | undefined;
  private boundChecked = false;

  constructor(
    private readonly options: Needed,
    private readonly state: FeedState,
    private readonly reader: KeysetReader,
  ) {}

  /** Date literals as the instance reads them by what is known now. */
  get literals(): Literals {
    return literalsFor(this.state.literalMode);
  }

  /**
   * Whether a page read from that position can be trusted. A bound that is read too early brings rows that are known already; one that is
   * read too late leaves out rows behind the position, which shows only as a gap, or as the absence of rows `expected` there; and an
   * upper bound hides both. False: the reading is another one now, and the page has to be read again.
   */
  async trusts(page: FeedPage, from: Position, expected: boolean): Promise<boolean> {
    const place = `${from.time} ${from.id}`;
    if (this.checked === place) return true;
    const { literalMode } = this.state;
    const [first] = page.rows;
    const gap = first !== undefined && first.time - from.time >= SMALLEST_SHIFT;
    const before = JSON.stringify(literalMode);
    if (page.early || gap || (first && literalMode.kind === "unknown")) {
      await this.measureWith([...(page.early ? [page.early] : []), ...page.rows], page.asOf);
    } else if (page.bounded && !this.boundChecked) {
      this.boundChecked = true;
      await this.recheck(page.asOf);
    } else if (
      !first &&
      (expected || page.asOf - this.state.literalModeMeasuredAt > IDLE_AGE[literalMode.kind])
    ) {
      await this.recheck(page.asOf);
    } else return true;
    this.checked = place;
    return JSON.stringify(this.state.literalMode) === before;
  }

  /** A record that changes under the measurement proves nothing; one of several will hold still. */
  private async measureWith(probes: readonly Row[], now: number): Promise<void> {
    for (const probe of probes.slice(0, 3)) if (await this.measure(probe, now)) return;
    this.keep({ kind: "unknown" }, now);
  }

  /** Without a row that proves it: whether the account has moved to another zone. */
  private async recheck(now: number): Promise<void> {
    const { literalMode } = this.state;
    const { column } = this.options;
    const zone = literalMode.kind === "zone" ? await this.zone() : undefined;
    if (literalMode.kind === "zone" && zone === literalMode.zone) return this.keep(literalMode, now);
    const { rows } = await this.reader.page([], descending(column), 200, ["sys_id", column]);
    if (rows.length > 0) await this.measureWith(rows, now);
    else this.keep(literalMode.kind === "zone" ? { kind: "unknown" } : literalMode, now);
  }

  /** While no record was there to measure with, a poll looks for one first. Undefined when there is none at all. */
  async settle(): Promise<number | undefined> {
    const { column } = this.options;
    const early = literalsFor({ kind: "unknown" }).before(this.state.cursor.time);
    const page = await this.reader.page([`${column}>=${early.literal}`], ascending(column), 5);
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
    const mode = await measureDateLiteralMode({ isBetween, time: probe.time, zone: () => this.zone() });
    if (mode) {
      this.keep(mode, now);
      return true;
    }
    const [again] = await this.probe(`sys_id=${probe.sysId}`, fields);
    if (again === undefined || cell(again, column) !== cell(probe.row, column)) return false;
    throw unknownZone(table);
  }

  private async zone(): Promise<string | undefined> {
    return (await this.options.zone?.())?.trim();
  }

  private keep(mode: DateLiteralMode, now: number): void {
    this.state.literalMode = mode;
    this.state.literalModeMeasuredAt = now;
  }

  private async probe(query: string, fields: string[]): Promise<Record<string, unknown>[]> {
    this.reader.requests++;
    const { rows } = await this.options.read({
      query,
      fields,
      limit: 1,
      displayValue: this.options.displayValue ?? "false",
    });
    return rows;
  }
}
