import { andEach, columnsOf, formatQuery, parseQuery, type Clause, type ParsedQuery } from "../../common";

/** A source's filter: the pickers and the user's encoded query, all of which must hold. */
export interface Filter {
  /** The `^NQ` groups, as the feed takes them. */
  groups: string[];
  columns: string[];
  /** The whole as one encoded query. */
  query: string;
}

/** One column, one or several values. Nothing chosen means no condition. */
export function isOneOf(field: string, values: string | readonly string[] | undefined): Clause[] {
  const list = (typeof values === "string" ? [values] : (values ?? []))
    .map((value) => value.trim())
    .filter(Boolean);
  if (list.length === 0) return [];
  // A comma separates the values of IN, so a value with one gets a condition of its own.
  if (list.length === 1 || list.some((value) => value.includes(",")))
    return [list.map((value) => ({ field, operator: "=" as const, value }))];
  return [[{ field, operator: "IN", value: list.join(",") }]];
}

/**
 * @throws ServiceNowError of kind `usage` for a query that ServiceNow would read otherwise than meant, and for an ORDERBY: a source orders
 *   by itself
 */
export function makeFilter(query: string | undefined, clauses: readonly Clause[] = []): Filter {
  const given = parseQuery(query ?? "", { order: "refuse" });
  const all: ParsedQuery = andEach(given, { groups: [[...clauses]], order: [] });
  const groups = all.groups
    .map((group) => formatQuery({ groups: [group], order: [] }))
    .filter((group) => group !== "");
  // One group without a condition takes every record, whatever the others say.
  const unfiltered = groups.length < all.groups.length;
  return {
    groups: unfiltered ? [] : groups,
    columns: columnsOf({ groups: all.groups, order: [] }),
    query: unfiltered ? "" : groups.join("^NQ"),
  };
}
