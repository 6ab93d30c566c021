import {
  andEach,
  assertPlainValue,
  checkQuery,
  columnsOf,
  formatQuery,
  parseQuery,
  queryError,
  usageError,
  type Clause,
  type ParsedQuery,
} from "../../common";
import { textList } from "../../apps/servicenow/input";

/** What must be there for anything to be found. */
export interface RequiredValues {
  /** Label of the prop. */
  label: string;
  values: readonly string[];
  /** Records by sys_id or by a column with their name; choices of a column; tables, all of which extend the root. */
  of: { records: string; name: string } | { choices: string } | { tables: string | undefined };
}

/** What was picked in a prop, with the condition that it makes. */
export interface Selected extends RequiredValues {
  clause: Clause;
}

/** A source's filter: the pickers and the user's encoded query, all of which must hold. */
export interface Filter {
  /** The `^NQ` groups, as the feed takes them. */
  groups: string[];
  columns: string[];
  /** The whole as one encoded query. */
  query: string;
  /** What the pickers chose, to be checked where a source starts. */
  required?: readonly RequiredValues[];
}

/** One column, one or several values. Nothing chosen means no condition. */
export function isOneOf(field: string, values: unknown): Clause[] {
  const list = textList(values).map((value) => assertPlainValue(field, value));
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
export function makeFilter(query: string | undefined, parts: readonly (Clause | Selected)[] = []): Filter {
  refuseTraps(query ?? "");
  const given = parseQuery(query ?? "", { order: "refuse" });
  const clauses = parts.map((part) => ("clause" in part ? part.clause : part));
  const all: ParsedQuery = andEach(given, { groups: [clauses], order: [] });
  const groups = all.groups
    .map((group) => formatQuery({ groups: [group], order: [] }))
    .filter((group) => group !== "");
  // One group without a condition takes every record, whatever the others say.
  const unfiltered = groups.length < all.groups.length;
  return {
    groups: unfiltered ? [] : groups,
    columns: columnsOf({ groups: all.groups, order: [] }),
    query: unfiltered ? "" : groups.join("^NQ"),
    required: parts.filter((part) => "clause" in part),
  };
}

/** @throws ServiceNowError of kind `usage` for conditions that ServiceNow accepts and that do not do what they say */
function refuseTraps(query: string): void {
  const problems = checkQuery(query);
  const [first] = problems;
  if (!first) return;
  if (first.kind !== "rule-only") throw queryError(problems);
  throw usageError(
    `The query would not do what it says. ${problems.map(({ message }) => message).join(". ")}`,
    "For changes of a field take New Field Change; otherwise compare with a value",
  );
}
