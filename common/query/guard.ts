import { ServiceNowError } from "../errors";
import { RULE_ONLY, TEXT_SEARCH, type Condition, type ParsedQuery } from "./grammar";
import { asParsed, columnsOf, formatQuery } from "./parse";

/** Something in a query that ServiceNow would ignore, or read otherwise than meant. */
export interface QueryProblem {
  /** What is wrong, for code. */
  kind: "unknown-column" | "unreadable-column" | "rule-only" | "script" | "double-equals";
  /** The column it is about. */
  column: string;
  /** A sentence for the user. */
  message: string;
}

/** What the query is held against. */
export interface GuardOptions {
  /** The table's columns, inherited ones too. Dot-walks are checked by their first step. Not checked without. */
  columns?: ReadonlySet<string>;
  /** Columns the account may not read: a query on them is refused, or quietly loses the condition. */
  unreadable?: ReadonlySet<string>;
  /** Let `javascript:` through. @default true in queries written by hand */
  scripts?: boolean;
}

/** What is wrong with a query; empty when nothing is. ServiceNow drops what it does not know, which widens a result. */
export function checkQuery(query: ParsedQuery | string, options: GuardOptions = {}): QueryProblem[] {
  const parsed = asParsed(query);
  const problems: QueryProblem[] = [];
  for (const column of columnsOf(parsed)) {
    const root = column.split(".")[0] ?? column;
    if (options.columns && !options.columns.has(root)) {
      const close = nearest(root, options.columns);
      problems.push({
        kind: "unknown-column",
        column,
        message: `The table has no column "${root}"${close ? `; did you mean "${close}"?` : ""}. ServiceNow would ignore this condition and give more records`,
      });
    } else if (options.unreadable?.has(column) || options.unreadable?.has(root)) {
      problems.push({
        kind: "unreadable-column",
        column,
        message: `The account may not read the column "${column}", so it cannot be used in a query`,
      });
    }
  }
  for (const condition of parsed.groups.flat(2))
    problems.push(...checkCondition(condition, options.scripts ?? true));
  return problems;
}

/** The same, as an error. @throws ServiceNowError `usage` naming every column at fault */
export function assertQuery(query: ParsedQuery | string, options: GuardOptions = {}): ParsedQuery {
  const parsed = asParsed(query);
  const problems = checkQuery(parsed, options);
  if (problems.length === 0) return parsed;
  throw new ServiceNowError({
    kind: "usage",
    what: "The query would not do what it says",
    reason: problems.map(({ message }) => message).join(". "),
    fields: [...new Set(problems.map(({ column }) => column))],
  });
}

function checkCondition({ field, operator, value }: Condition, scripts: boolean): QueryProblem[] {
  const problems: QueryProblem[] = [];
  if (RULE_ONLY.has(operator)) {
    problems.push({
      kind: "rule-only",
      column: field,
      message: `${operator} on "${field}" works in rules and notifications, not in a query`,
    });
  }
  if (operator === "=" && value.startsWith("=")) {
    problems.push({ kind: "double-equals", column: field, message: `"${field}==" compares with one = only` });
  }
  if (!scripts && /(^|[@,])\s*javascript:/i.test(value)) {
    problems.push({
      kind: "script",
      column: field,
      message: `The condition on "${field}" runs a script on the instance`,
    });
  }
  return problems;
}

function nearest(name: string, columns: ReadonlySet<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 4)) + 1;
  for (const column of columns) {
    const distance = editDistance(name, column, least);
    if (distance < least) [best, least] = [column, distance];
  }
  return best;
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}

/** Bytes that a query takes in an address. */
export function encodedLength(query: ParsedQuery | string): number {
  return encodeURIComponent(typeof query === "string" ? query : formatQuery(query)).length;
}

/**
 * Splits a query that is too long for an address at its longest `IN` list, so that the parts together match the same
 * records and no two of them the same one. Null when there is no such list, or it stands beside an `^OR` or `^NQ`.
 */
export function splitLongQuery(query: ParsedQuery, maxBytes: number): ParsedQuery[] | null {
  if (encodedLength(query) <= maxBytes) return [query];
  const [group, ...others] = query.groups;
  if (!group || others.length > 0) return null;
  let place = -1;
  group.forEach((clause, index) => {
    const [condition, ...rest] = clause;
    if (condition?.operator !== "IN" || rest.length > 0 || TEXT_SEARCH.includes(condition.field)) return;
    if (place < 0 || condition.value.length > (group[place]?.[0]?.value.length ?? 0)) place = index;
  });
  const list = group[place]?.[0];
  if (!list) return null;
  const values = [...new Set(list.value.split(","))];
  const part = (some: string[]): ParsedQuery => ({
    ...query,
    groups: [group.map((clause, index) => (index === place ? [{ ...list, value: some.join(",") }] : clause))],
  });
  if (encodedLength(part(values.slice(0, 1))) > maxBytes) return null;
  const parts: ParsedQuery[] = [];
  const room = maxBytes - encodedLength(part([]));
  let some: string[] = [];
  let used = 0;
  for (const value of values) {
    const size = encodeURIComponent(`${value},`).length;
    if (some.length > 0 && used + size > room) {
      parts.push(part(some));
      [some, used] = [[], 0];
    }
    some.push(value);
    used += size;
  }
  parts.push(part(some));
  return parts;
}
