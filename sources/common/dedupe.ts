import type { ServiceNow } from "../../common";
import { cell, parseStamp } from "../../common/change-feed";
import { pageReader } from "./feed";
import type { Filter } from "./filter";
import type { Row } from "./payload";
import { encodeWith } from "./query";
import { KEYS } from "./processed-keys";
import { log } from "./this";

/** One event per record (or per key), however often it changes while it matches. */
export interface Dedupe {
  /** The record's sys_id unless given. */
  key?: (row: Row) => string;
  /** Columns that the key needs. */
  columns?: readonly string[];
  /** Keys that no longer hold once this record was seen, so that they are news when they come again. */
  replaces?: (row: Row) => string[];
  /**
   * Column that says when it happened: what happened before the source began is left out. Without one the source remembers at its beginning
   * what matches already.
   */
  happened?: string;
}

export const keyOf = (dedupe: Dedupe, row: Row): string => dedupe.key?.(row) ?? cell(row, "sys_id");

/** A date has no zone; the last place on earth ends its day this many seconds after UTC. */
const LAST_ZONE = 12 * 3600;
/** Records younger than this many seconds may have come to match behind the start, unseen by it. */
const UNSETTLED = 61;
const PAGE = 500;

/**
 * Whether it can have happened since `began` (epoch seconds), by a date or date-time column. A date counts as its end, wherever that
 * may be, so that nothing of that day is left out; without one nobody can say that it happened before.
 */
export function canBeSince(row: Row, column: string, began: number): boolean {
  const text = cell(row, column);
  if (text === "") return true;
  const time = text.length === 10 ? parseStamp(`${text} 23:59:59`) + LAST_ZONE : parseStamp(text);
  return time >= began;
}

/** Keys of the records that match when a source begins at `now`, the longest unchanged first; at most as many as are remembered. */
export async function keysBefore(
  client: ServiceNow,
  { table, column, filter }: { table: string; column: string; filter: Filter },
  dedupe: Dedupe,
  now: number,
): Promise<string[]> {
  const read = pageReader(client, table);
  const keys: string[] = [];
  for (let offset = 0; offset < KEYS; offset += PAGE) {
    const { rows, total } = await read({
      query: encodeWith(filter.groups, [], [`ORDERBYDESC${column}`, "ORDERBYDESCsys_id"]),
      fields: ["sys_id", column, ...(dedupe.columns ?? [])],
      limit: PAGE,
      offset,
    });
    const settled = rows.filter((row) => parseStamp(cell(row, column)) < now - UNSETTLED);
    keys.push(...settled.map((row) => keyOf(dedupe, row)));
    if (total !== null && total <= offset + PAGE) return keys.reverse();
  }
  log(
    `More than ${KEYS} records match already. One that is not among the ${KEYS} changed last is emitted when it changes.`,
  );
  return keys.reverse();
}
