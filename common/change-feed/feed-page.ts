import type { Position } from "./types";

/** A record as read, with what the cursor needs of it. */
export interface Row {
  /** The columns as ServiceNow sent them: text, or `{value, display_value}` where both were asked for. */
  row: Record<string, unknown>;
  /** The record's sys_id. */
  sysId: string;
  /** Epoch seconds of the feed's time column. */
  time: number;
}

/** What one step of the walk found. */
export interface FeedPage {
  /** Ascending, all behind the position asked for. */
  rows: Row[];
  /** Everything up to here that can be read was read; "end": there was nothing behind it. */
  covered: Position | "end";
  /** Rows counted behind the position, null when the instance does not count. */
  total: number | null;
  /** Rows that were counted and not returned. */
  filteredByAcl: number;
  /** The instance's clock when the oldest read of this page began, epoch seconds, rounded down. */
  asOf: number;
  /** Rows at or before the position came back although the query excluded them: the bound is read otherwise than meant. */
  early?: Row;
  /** What is covered was told by an upper bound and not by a row. */
  bounded?: true;
}

/** Plain text of a cell, whatever the display mode. */
export function cell(row: Record<string, unknown>, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "value" in value && typeof value.value === "string")
    return value.value;
  return "";
}
