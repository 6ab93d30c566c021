import { cell, type FeedPage, type Row } from "./feed-page";
import { FeedError } from "./errors";
import { ascending, behind, encode } from "./keyset";
import type { Literals } from "../time/date-literals";
import { compare, ID_SPACE, idToNumber, LAST, latest, numberToId } from "./position";
import { parseStamp } from "../time/stamp";
import type { FeedOptions, Position } from "./types";

interface Page extends Omit<FeedPage, "covered" | "early" | "bounded"> {
  received: number;
}

/**
 * Reads a table in the order (time, sys_id), from a position on, without ever using an offset: what lies behind a position does not
 * shift when rows in front of it are changed.
 */
export class KeysetReader {
  requests = 0;
  /** Seconds the last crossing advanced by: the next one begins there. */
  private step = 3600;
  /** The same within one second, over the space of ids. */
  private idStep = ID_SPACE;
  /** Neighbours in the order often share their second. */
  private lastStamp = "";
  private lastTime = Number.NaN;

  constructor(
    private readonly options: Pick<FeedOptions, "read" | "column" | "table" | "groups" | "displayValue">,
    private readonly limit: number,
    private readonly fields: string[] | undefined,
    private readonly stopwatch: () => number,
  ) {}

  /** A count taken a moment after the rows may miss one that has just left; a page that is not quite full leaves room for that. */
  private get fits(): number {
    return Math.max(1, Math.floor(this.limit * 0.9));
  }

  /** Sends one query; the feed's clauses are added to each group of the filter. */
  async page(clauses: string[], order: string[], limit = this.limit, fields = this.fields): Promise<Page> {
    const { read, column, groups = [], displayValue = "false" } = this.options;
    const began = this.stopwatch();
    this.requests++;
    const answer = await read({
      query: encode({ groups, clauses, order }),
      ...(fields ? { fields } : {}),
      limit,
      displayValue,
    });
    const took = Math.ceil((this.stopwatch() - began) / 1000);
    const rows = answer.rows.map((row) => this.toRow(row, column));
    return {
      rows,
      total: answer.total,
      filteredByAcl: answer.total === null ? 0 : Math.max(0, Math.min(answer.total, limit) - rows.length),
      asOf: Math.floor(answer.date.getTime() / 1000) - took,
      received: rows.length,
    };
  }

  private toRow(row: Record<string, unknown>, column: string): Row {
    const sysId = cell(row, "sys_id");
    const stamp = cell(row, column);
    if (stamp !== this.lastStamp) [this.lastStamp, this.lastTime] = [stamp, parseStamp(stamp)];
    const time = this.lastTime;
    if (sysId === "" || Number.isNaN(time)) {
      const missing = sysId === "" ? "sys_id" : column;
      throw new FeedError(
        "missing-column",
        `A record of ${this.options.table} came without a readable ${missing}${stamp ? " (its value is no date and time)" : ""}. ` +
          `The account needs read access to sys_id and ${column}; without them changes cannot be followed.`,
      );
    }
    return { row, sysId, time };
  }

  /** The next rows behind the position. */
  async next(from: Position, literals: Literals): Promise<FeedPage> {
    const literal = literals.exact(from.time);
    if (literal === undefined) return this.nextFromEarlyBound(from, literals);
    const { column } = this.options;
    const page = await this.page(behind(column, literal, from.id), ascending(column));
    return this.toFeedPage(from, page, literals);
  }

  private async toFeedPage(from: Position, page: Page, literals: Literals): Promise<FeedPage> {
    const rows = page.rows.filter((row) => compare(at(row), from) > 0);
    const early = page.rows.find((row) => compare(at(row), from) <= 0);
    const complete = page.total === null ? page.received === 0 : page.total <= this.limit;
    if (rows.length === 0 && early && !complete) return { ...page, rows, covered: from, early };
    this.checkOrder(rows);
    const found = { ...page, rows, ...(early ? { early } : {}) };
    const last = rows.at(-1);
    if (last) return { ...found, covered: complete ? "end" : at(last) };
    return complete ? { ...found, covered: "end" } : this.skipFilteredRows(from, page, literals);
  }

  private checkOrder(rows: Row[]): void {
    for (let index = 1; index < rows.length; index++) {
      const [before, after] = [rows[index - 1], rows[index]];
      if (before && after && compare(at(before), at(after)) >= 0) {
        throw new FeedError(
          "unordered",
          `${this.options.table} came back in another order than ${this.options.column}, sys_id. ` +
            `ServiceNow drops an ORDERBY on a column that the account may not read or query: check the read and query_range access rules of both columns.`,
        );
      }
    }
  }

  /**
   * Skips rows filtered by ACL (the limit counts them, the answer leaves them out): looks for an upper bound
   * with no more than a page of rows in front of it. Such a page shows all that can be read there, at one instant. First by time, then,
   * within one second, by sys_id.
   */
  private async skipFilteredRows(from: Position, first: Page, literals: Literals): Promise<FeedPage> {
    const { column } = this.options;
    let low = from;
    let total = first.total ?? 0;
    let asOf = first.asOf;
    let filteredByAcl = 0;
    let step = this.step;
    for (;;) {
      if (low.id === LAST) low = { time: low.time + 1, id: "" };
      const bound = literals.after(low.time + step);
      const literal = literals.exact(low.time);
      if (literal === undefined) return this.nextFromEarlyBound(low, literals);
      const page = await this.page(
        [...behind(column, literal, low.id), `${column}<=${bound.literal}`],
        ascending(column),
      );
      asOf = Math.min(asOf, page.asOf);
      const rows = page.rows.filter((row) => compare(at(row), low) > 0);
      this.checkOrder(rows);
      const count = page.total ?? this.limit + 1;
      const last = rows.at(-1);
      if (count <= this.fits) {
        this.step = Math.max(1, Math.min(step * 2, 86_400 * 30));
        return {
          rows,
          covered: { time: bound.seconds, id: LAST },
          total,
          filteredByAcl: filteredByAcl + page.filteredByAcl,
          asOf,
          bounded: true,
        };
      }
      filteredByAcl = page.filteredByAcl;
      if (last) return { rows, covered: at(last), total, filteredByAcl, asOf };
      if (step === 0) return this.skipWithinSecond(low, literal, total, asOf);
      step = Math.min(Math.floor(step / 2), Math.floor((step * this.limit) / count));
      this.step = Math.max(1, step);
      total = Math.max(total, count);
    }
  }

  /** The same within one second that holds more than a page of rows. */
  private async skipWithinSecond(
    low: Position,
    literal: string,
    total: number,
    asOfFirst: number,
  ): Promise<FeedPage> {
    const { column } = this.options;
    const start = idToNumber(low.id);
    let asOf = asOfFirst;
    let step = this.idStep < ID_SPACE - start ? this.idStep : ID_SPACE - start;
    for (;;) {
      const upper = numberToId(start + step);
      const clauses = [`${column}=${literal}`];
      if (low.id !== "") clauses.push(`sys_id>${low.id}`);
      if (upper !== LAST) clauses.push(`sys_id<=${upper}`);
      const page = await this.page(clauses, ascending(column));
      asOf = Math.min(asOf, page.asOf);
      const rows = page.rows.filter((row) => compare(at(row), low) > 0);
      const last = rows.at(-1);
      const count = page.total ?? this.limit + 1;
      if (count <= this.fits) {
        this.idStep = step * 2n;
        return {
          rows,
          covered: { time: low.time, id: upper },
          total,
          filteredByAcl: page.filteredByAcl,
          asOf,
          bounded: true,
        };
      }
      if (last) return { rows, covered: at(last), total, filteredByAcl: page.filteredByAcl, asOf };
      if (step <= 1n) throw this.stuck();
      step = step / 2n > 0n ? step / 2n : 1n;
    }
  }

  private stuck(): FeedError {
    return new FeedError(
      "stalled",
      `Reading ${this.options.table} does not get on: its rows cannot be told apart by ${this.options.column} and sys_id. ` +
        `Likely an access rule (query_range) makes ServiceNow ignore conditions on these columns for this account.`,
    );
  }

  /** For an instant no literal names: read from a nearby earlier one and leave out what is known. */
  private async nextFromEarlyBound(from: Position, literals: Literals): Promise<FeedPage> {
    const { column } = this.options;
    const bound = literals.before(from.time);
    const page = await this.page([`${column}>=${bound.literal}`], ascending(column));
    if (page.total !== null && page.total <= this.limit) {
      return {
        ...page,
        rows: page.rows.filter((row) => compare(at(row), from) > 0),
        covered: "end",
      };
    }
    return this.scanById(from, literals);
  }

  /** Reads the whole second, which no time bound can divide, in the order of sys_id, which no update changes, and sorts it here. */
  private async scanById(from: Position, literals: Literals): Promise<FeedPage> {
    const { column } = this.options;
    const bounds = [
      `${column}>=${literals.before(from.time).literal}`,
      `${column}<=${literals.after(from.time).literal}`,
    ];
    const end = literals.after(from.time).seconds;
    const found: Row[] = [];
    let after = "";
    let asOf = Number.POSITIVE_INFINITY;
    let filteredByAcl = 0;
    let total: number | null = null;
    for (;;) {
      const page = await this.page(after === "" ? bounds : [...bounds, `sys_id>${after}`], ["ORDERBYsys_id"]);
      asOf = Math.min(asOf, page.asOf);
      total = Math.max(total ?? 0, page.total ?? page.received);
      filteredByAcl += page.filteredByAcl;
      found.push(...page.rows.filter((row) => compare(at(row), from) > 0));
      const last = page.rows.at(-1)?.sysId;
      const complete = page.total === null ? page.received === 0 : page.total <= this.limit;
      if (complete) break;
      if (last === undefined) {
        after = await this.skipIds(bounds, after, found, from);
        if (after === LAST) break;
      } else if (last <= after) throw this.stuck();
      else after = last;
    }
    found.sort((a, b) => compare(at(a), at(b)));
    return {
      rows: found,
      covered: latest(from, { time: end, id: LAST }),
      total,
      filteredByAcl,
      asOf,
      bounded: true,
    };
  }

  /** Gets a sweep past unreadable rows. Returns the sys_id up to which everything was seen. */
  private async skipIds(bounds: string[], after: string, found: Row[], from: Position): Promise<string> {
    const start = idToNumber(after);
    for (let step = ID_SPACE - start; step > 0n; step /= 2n) {
      const upper = numberToId(start + step);
      const clauses = [...bounds];
      if (after !== "") clauses.push(`sys_id>${after}`);
      if (upper !== LAST) clauses.push(`sys_id<=${upper}`);
      const page = await this.page(clauses, ["ORDERBYsys_id"]);
      const complete = page.total !== null && page.total <= this.fits;
      if (!complete && page.rows.length === 0) continue;
      found.push(...page.rows.filter((row) => compare(at(row), from) > 0));
      return complete ? upper : (page.rows.at(-1)?.sysId ?? upper);
    }
    throw this.stuck();
  }
}

const at = (row: Row): Position => ({ time: row.time, id: row.sysId });
