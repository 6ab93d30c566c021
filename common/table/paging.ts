import { isServiceNowError, usageError, type ServiceNowError } from "../errors";
import { andEach, formatQuery, type Condition, type Order, type ParsedQuery } from "../query";
import type { ListFacts, Page } from "./types";
import { valueOf } from "./values";

/** A row as it came. */
export type RawRow = Record<string, unknown>;

/** Reads one page: an encoded query with its order, how many rows, from where, and whether to count. */
export type ReadPage = (ask: {
  query: string;
  limit: number;
  offset: number;
  count: boolean;
}) => Promise<Page<RawRow>>;

/** What a walk over a query is to give. */
export interface Walk {
  /** The query with its order, taken apart. */
  filter: ParsedQuery;
  /** Rows a request at first; made smaller when the instance cannot give so many. */
  pageSize: number;
  /** Rows at most. */
  max: number;
  /** By position instead of by key; only where a key is impossible. */
  offset?: boolean;
}

/** Smallest page that is tried when the instance cancels or cuts off larger ones. */
const SMALLEST = 10;

/** Rows that are read to see where empty values of a column stand; some may be hidden from the account. */
const PROBE = 20;

/**
 * Every row of a query, page by page. A page begins after the last row of the one before (by the order asked for, then by
 * sys_id), so rows that change meanwhile shift nothing. A short page is not taken for the end: ServiceNow applies the limit
 * before access controls, so what ends the walk is the count of what is left.
 */
export async function* walk(read: ReadPage, options: Walk): AsyncGenerator<Page<RawRow>, ListFacts> {
  const order = withTieBreak(options.filter.order);
  const filter: ParsedQuery = { groups: options.filter.groups, order: [] };
  let byOffset = options.offset ?? false;
  let size = options.pageSize;
  let given = 0;
  let total: number | null = null;
  let last: RawRow | undefined;
  /** Columns whose empty values come first in ascending order. */
  const emptiesFirst = new Map<string, boolean>();
  let position = 0;
  let first = true;
  let judged = false;

  /** What the first rows that are seen say of the order; the first pages may be hidden from the account altogether. */
  const judge = (rows: RawRow[]): void => {
    if (judged || rows.length === 0) return;
    judged = true;
    const [primary] = order;
    if (primary) emptiesFirst.set(primary.field, startsEmpty(rows[0], primary));
    byOffset ||= !canKeep(rows, order);
  };

  const ask = async (
    query: ParsedQuery,
    offset: number,
    count: boolean,
    limit?: number,
  ): Promise<Page<RawRow>> => {
    for (;;) {
      try {
        return await read({ query: formatQuery({ ...query, order }), limit: limit ?? size, offset, count });
      } catch (error) {
        const smaller = Math.floor(size / 2);
        if (limit !== undefined || smaller < SMALLEST || !isServiceNowError(error) || !tooMuch(error))
          throw error;
        size = smaller;
      }
    }
  };

  /** The first row says it of the first column of the order; for the others, which matter on ties, the instance is asked once. */
  const learn = async (): Promise<void> => {
    for (const { field } of order.slice(1)) {
      if (field === "sys_id" || emptiesFirst.has(field)) continue;
      const ascending = [{ field, descending: false }, ...withTieBreak([])];
      const query = formatQuery({ ...filter, order: ascending });
      const { rows } = await read({ query, limit: PROBE, offset: 0, count: false });
      emptiesFirst.set(field, rows[0] === undefined || startsEmpty(rows[0], { field, descending: false }));
    }
  };

  for (;;) {
    const wanted = options.max - given;
    if (wanted <= 0)
      return { total, complete: total !== null && total <= given, stoppedAt: "max", hidden: null };
    if (wanted < size) size = wanted;
    if (last && !byOffset) await learn();
    const query = last && !byOffset ? andEach(filter, after(order, last, emptiesFirst)) : filter;
    const page: Page<RawRow> = await ask(query, position, first || byOffset);
    const { rows } = page;
    if (first) total = page.total;
    first = false;
    judge(rows);
    if (rows.length > 0) {
      given += rows.length;
      yield { ...page, total, hasNext: rows.length === size || page.hasNext };
    }
    if (byOffset) {
      position += size;
      const more = page.total === null ? page.hasNext || rows.length === size : position < page.total;
      if (!more) return { total, complete: true, hidden: hiddenOf(total, given) };
      continue;
    }
    if (rows.length === size) {
      last = movedOn(rows, last);
      continue;
    }
    const left = await countLeft(page, query, ask, last === undefined);
    if (left === null ? !page.hasNext : left <= size) {
      return { total, complete: true, hidden: hiddenOf(total, given) };
    }
    if (rows.length > 0) {
      last = movedOn(rows, last);
      continue;
    }
    // A whole page is hidden from the account: cross the stretch by position, within the same key.
    const beyond = yield* cross(query, left);
    if (!beyond) return { total, complete: true, hidden: hiddenOf(total, given) };
    if (byOffset) position = beyond.next;
    else last = movedOn(beyond.rows, last);
  }

  async function* cross(
    query: ParsedQuery,
    left: number | null,
  ): AsyncGenerator<Page<RawRow>, { rows: RawRow[]; next: number } | undefined> {
    let remaining = left ?? Infinity;
    for (let offset = size; offset < remaining; offset += size) {
      const page = await ask(query, offset, true);
      // Rows deleted meanwhile pull the others forward: step back by as many.
      if (page.total !== null && page.total < remaining) {
        offset -= remaining === Infinity ? 0 : remaining - page.total;
        remaining = page.total;
      }
      if (page.rows.length > 0) {
        judge(page.rows);
        given += page.rows.length;
        yield { ...page, total, hasNext: true };
        return { rows: page.rows, next: offset + size };
      }
      if (page.total === null && !page.hasNext) return undefined;
    }
    return undefined;
  }
}

/** How many rows are left from the page's start on: told with the first page, asked for otherwise. */
async function countLeft(
  page: Page<RawRow>,
  query: ParsedQuery,
  ask: (query: ParsedQuery, offset: number, count: boolean, limit?: number) => Promise<Page<RawRow>>,
  known: boolean,
): Promise<number | null> {
  return known ? page.total : (await ask(query, 0, true, 1)).total;
}

/** The order asked for, with sys_id as the last word. */
export function withTieBreak(order: Order[]): Order[] {
  const place = order.findIndex(({ field }) => field === "sys_id");
  return place >= 0 ? order.slice(0, place + 1) : [...order, { field: "sys_id", descending: false }];
}

/** The rows behind `last`: equal in the first n columns of the order and beyond in the next, for every n. */
function after(order: Order[], last: RawRow, emptiesFirst: ReadonlyMap<string, boolean>): ParsedQuery {
  const groups: Condition[][] = [];
  const equal: Condition[] = [];
  for (const { field, descending } of order) {
    const value = valueOf(last[field]);
    if (value === undefined) {
      throw usageError(
        `The rows do not show the column "${field}" they are ordered by`,
        "Order by a readable column",
      );
    }
    // Ascending, empty values come first on most databases and last on some; descending the other way round.
    const emptiesBefore = (emptiesFirst.get(field) ?? true) !== descending;
    if (value === "") {
      if (emptiesBefore) groups.push([...equal, { field, operator: "ISNOTEMPTY", value: "" }]);
      equal.push({ field, operator: "ISEMPTY", value: "" });
      continue;
    }
    groups.push([...equal, { field, operator: descending ? "<" : ">", value }]);
    if (!emptiesBefore && field !== "sys_id")
      groups.push([...equal, { field, operator: "ISEMPTY", value: "" }]);
    equal.push({ field, operator: "=", value });
  }
  return { groups: groups.map((group) => group.map((condition) => [condition])), order: [] };
}

/** Where empty values stand in this database's ascending order, judged by the first row of all that is ordered by the column. */
function startsEmpty(row: RawRow | undefined, by: Order): boolean {
  if (!row || by.field === "sys_id") return true;
  const empty = valueOf(row[by.field]) === "";
  return by.descending ? !empty : empty;
}

/** References are ordered by their display value and compared by sys_id, so no place can be kept in them. */
function canKeep(rows: RawRow[], order: Order[]): boolean {
  return order.every(({ field }) => {
    if (field === "sys_id") return true;
    return rows.every((row) => {
      const cell = row[field];
      const linked = typeof cell === "object" && cell !== null && "link" in cell;
      const value = valueOf(cell) ?? "";
      return !linked && !/^[0-9a-f]{32}$/.test(value) && !value.includes("^");
    });
  });
}

function movedOn(rows: RawRow[], before: RawRow | undefined): RawRow {
  const last = rows[rows.length - 1] as RawRow;
  if (before && valueOf(last["sys_id"]) === valueOf(before["sys_id"])) {
    throw usageError(
      "The list does not move on: the instance gave the same record again",
      "An access rule for queries (query_range) probably removes the condition on sys_id; ask the administrator for query_range access on the columns of the order",
    );
  }
  return last;
}

function tooMuch(error: ServiceNowError): boolean {
  return ["cancelled", "cut-off", "too-large", "timeout"].includes(error.kind);
}

function hiddenOf(total: number | null, given: number): number | null {
  return total === null ? null : Math.max(0, total - given);
}
