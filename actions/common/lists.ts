import type { ListFacts } from "../../common";
import { textList } from "./input";
import { count, noColumns } from "./text";

/**
 * One line about a list, which says when there is more: `Retrieved 20 records from table incident; up to 480 more match`. The instance counts
 * records that the account may not read too.
 * @param asked the fields that were asked for
 */
export function listSummary(
  list: ListFacts & { rows: object[] },
  recordType: string,
  from: string,
  asked?: unknown,
): string {
  return numbers(list, recordType, from) + unknownFields(list.rows, asked);
}

/** Names the fields that were asked for and that no row has: ServiceNow leaves unknown ones out without a word. */
export function unknownFields(rows: readonly object[], asked: unknown): string {
  return rows.length > 0
    ? noColumns(textList(asked).filter((field) => !rows.some((row) => field in row)))
    : "";
}

function numbers(list: ListFacts & { rows: object[] }, recordType: string, from: string): string {
  const read = `Retrieved ${count(list.rows.length, recordType)}${from ? ` from ${from}` : ""}`;
  if (list.stoppedAt !== "max" || list.complete) return read + hiddenRows(list);
  const more = list.total === null ? undefined : list.total - list.rows.length;
  return more === undefined
    ? `${read}; there may be more`
    : `${read}; up to ${more.toLocaleString("en-US")} more match`;
}

/** What follows the line about a list that was cut off. */
export const moreExist = (more: boolean): string => (more ? "; there are more" : "");

/** Rows that the instance counts and does not show: without the remark an empty list looks like an empty table. */
function hiddenRows({ hidden }: ListFacts): string {
  return hidden ? `; ${hidden.toLocaleString("en-US")} more match that the account may not read` : "";
}
