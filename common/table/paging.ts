import { type RawRow, type ReadPage } from "./read-page";
import { isServiceNowError, usageError, type ServiceNowError } from "../errors";
import { formatQuery, type ParsedQuery } from "../query";
import { KeysetCursor } from "./keyset-cursor";
import type { ListFacts, Page } from "./types";
import { valueOf } from "./values";

/** What a walk over a query is to give. */
export interface KeysetRead {
  /** The query with its order, taken apart. */
  filter: ParsedQuery;
  /** Rows a request at first; made smaller when the instance cannot give so many. */
  pageSize: number;
  /** Rows at most. */
  max: number;
  /** A page that took too long is not asked for again with fewer rows. */
  onceOnly?: boolean;
}

/** Where the next page begins. */
interface PageStart {
  query: ParsedQuery;
  offset: number;
  /** By position within the query, where so many rows may come again. */
  resumed?: { again: number };
  /** The row that comes first, when the query is a key that has to prove itself. */
  anchor?: RawRow;
  /** What the instance counted for this query, when it was last asked. */
  total?: number | null;
}

/** Smallest page that is tried when the instance cancels or cuts off larger ones. */
const SMALLEST = 10;

/**
 * Every row of a query, page by page. A page begins after the last row of the one before (by the order asked for, then by
 * sys_id), so rows that change meanwhile shift nothing. Where no condition names that place, it goes on by position from the last
 * one that could be named. A short page is not taken for the end: ServiceNow applies the limit before access controls, so what ends
 * the walk is the count of what is left.
 */
export async function* readByKeyset(
  read: ReadPage,
  options: KeysetRead,
): AsyncGenerator<Page<RawRow>, ListFacts> {
  const cursor = new KeysetCursor(options.filter, read);
  let start: PageStart = { query: { groups: options.filter.groups, order: [] }, offset: 0 };
  /** The same place by position, when it is held by a key that is not proven yet. */
  let byPosition: PageStart | undefined;
  let size = options.pageSize;
  let given = 0;
  let total: number | null = null;
  let first = true;
  let proven = false;
  /** Rows given since the query of the place began. */
  let seen = new Set<string>();

  const ask = async (
    at: PageStart,
    count: boolean,
    only?: number,
  ): Promise<{ page: Page<RawRow>; limit: number }> => {
    const query = formatQuery({ ...at.query, order: cursor.order });
    const links = at.anchor !== undefined && cursor.asksLinks(at.anchor);
    for (;;) {
      const wanted = Math.min(size, options.max - given + (at.anchor ? 1 : 0));
      const limit = only ?? Math.max(at.anchor ? 2 : 1, wanted);
      try {
        const page = await read({ query, limit, offset: at.offset, count, ...(links ? { links } : {}) });
        return { page, limit };
      } catch (error) {
        const smaller = Math.floor(limit / 2);
        const final = only !== undefined || smaller < SMALLEST || !isServiceNowError(error);
        if (final || !tooMuch(error) || (error.kind === "timeout" && options.onceOnly)) throw error;
        size = smaller;
      }
    }
  };

  /** The rows behind the anchor, or undefined when the instance does not read the key as it orders the rows. */
  const prove = async (rows: RawRow[], anchor: RawRow): Promise<RawRow[] | undefined> => {
    const [head] = rows;
    if (head && idOf(head) === idOf(anchor)) {
      if (cursor.asksLinks(anchor) && cursor.learnLinks(head)) return undefined;
      proven = true;
      return rows.slice(1);
    }
    const query = `sys_id=${idOf(anchor)}`;
    const { rows: now } = await read({ query, limit: 1, offset: 0, count: false });
    const stands = now[0] !== undefined && cursor.same(now[0], anchor);
    cursor.unfit ||= stands;
    // A row that moved or went meanwhile proves nothing; the key is trusted when another row has proven it.
    return stands || !proven ? undefined : rows;
  };

  for (;;) {
    if (given >= options.max)
      return { total, complete: total !== null && total <= given, stoppedAt: "max", hidden: null };
    let page: Page<RawRow>;
    let limit: number;
    const counted = first || start.resumed !== undefined;
    try {
      ({ page, limit } = await ask(start, counted));
    } catch (error) {
      if (!byPosition || !isServiceNowError(error) || error.kind !== "url-too-long") throw error;
      start = byPosition;
      byPosition = undefined;
      continue;
    }
    if (first) total = page.total;
    first = false;
    let rows: RawRow[] | undefined = page.rows;
    const received = rows.length;
    if (start.anchor && byPosition) {
      rows = await prove(rows, start.anchor);
      if (!rows) {
        // The anchor may have moved, and pulled the others forward.
        start = cursor.unfit ? byPosition : back(byPosition, 1, byPosition.total);
        byPosition = undefined;
        continue;
      }
    }
    if (start.resumed) {
      const gone = (start.total ?? 0) - (page.total ?? Infinity);
      if (gone > 0) {
        start = back(start, gone, page.total);
        continue;
      }
      const fresh = rows.filter((row) => !seen.has(idOf(row)));
      if (fresh.length === 0 && rows.length > start.resumed.again && page.total === start.total)
        throw stuck();
      rows = fresh;
    } else {
      if (!cursor.mixed && rows.some((row) => seen.has(idOf(row)))) throw stuck();
      seen = new Set(start.anchor ? [idOf(start.anchor)] : []);
    }
    // An anchor takes a row's room, which is free when it is not there.
    rows = rows.slice(0, options.max - given);
    const [top] = rows;
    if (top && given === 0) cursor.begin(top);
    for (const row of rows) seen.add(idOf(row));
    const passed = start.offset + limit;
    const full = received >= limit;
    if (rows.length > 0) {
      given += rows.length;
      const hasNext = page.total === null ? full || page.hasNext : passed < page.total;
      yield { ...page, rows, total, hasNext };
    }
    let left = page.total;
    if (left === null && !full && !counted) left = (await ask(start, true, 1)).page.total;
    if (left === null ? !full && !page.hasNext : left <= passed) {
      return { total, complete: true, hidden: total === null ? null : Math.max(0, total - given) };
    }
    const last = rows.at(-1);
    const again = Math.max(0, (start.resumed?.again ?? 0) - limit);
    const next: PageStart = { query: start.query, offset: passed, resumed: { again }, total: left };
    const query = last && (await cursor.behind(last));
    byPosition = query && next;
    start = query ? { query, offset: 0, ...(cursor.mixed ? { anchor: last } : {}) } : next;
  }
}

/** Rows that went, or moved, meanwhile have pulled the others forward: as many are read again. */
function back(start: PageStart, rows: number, total: number | null | undefined): PageStart {
  const again = (start.resumed?.again ?? 0) + rows;
  return { ...start, offset: Math.max(0, start.offset - rows), resumed: { again }, total };
}

function idOf(row: RawRow): string {
  return valueOf(row["sys_id"]) ?? "";
}

function stuck(): ServiceNowError {
  return usageError(
    "The list does not move on: the instance gave the same record again",
    "An access rule for queries (query_range) probably removes the condition on sys_id; ask the administrator for query_range access on the columns of the order",
  );
}

function tooMuch(error: ServiceNowError): boolean {
  return ["cancelled", "cut-off", "too-large", "timeout"].includes(error.kind);
}
