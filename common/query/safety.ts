import { ServiceNowError, usageError, isServiceNowError } from "../errors";
import { TEXT_SEARCH, type Condition, type ParsedQuery } from "./grammar";
import { columnsOf, formatQuery, parseQuery } from "./parse";
import type { ColumnTypes } from "./column-kind";
import { conditionProblem, type ConditionProblem } from "./condition";
import { nearest } from "./nearest";
import { short } from "./values";
import { textProblem, withoutSql } from "./text-problems";

/** Something in a query that ServiceNow would drop, or read otherwise than meant. */
export interface QueryProblem {
  /** What is wrong, for code. */
  kind: ConditionProblem["kind"] | "unknown-column" | "unreadable-column" | "joined" | "not-readable";
  /** The column it is about; empty for the query as a whole. */
  column: string;
  /** A sentence for the user. */
  message: string;
  /** The whole query that was probably meant. */
  meant?: string;
}

/** What the query is held against. */
export interface GuardOptions {
  /** What the columns hold. Without it, operators and the shape of values alone are checked. */
  types?: ColumnTypes;
  /** The table's columns, inherited ones too. Dot-walks are checked by their first step. Not checked without. */
  columns?: ReadonlySet<string>;
  /** Columns the account may not read: a query on them is refused, or quietly loses the condition. */
  unreadable?: ReadonlySet<string>;
  /** Let the known `javascript:` functions through. @default true */
  scripts?: boolean;
}

/**
 * What is wrong with a query; empty when nothing is. The one place that says which queries are safe: ServiceNow drops a condition it cannot
 * read, and what is left fits more records, so whatever is not known to be right is a problem.
 *
 * A text is also searched for what people write by mistake (`==`, `&`, AND); a query that was built or parsed holds what its values say.
 */
export function checkQuery(query: ParsedQuery | string, options: GuardOptions = {}): QueryProblem[] {
  if (typeof query !== "string") return problemsOf(query, options);
  const found = textProblem(query);
  if (found) return [{ kind: "joined", column: "", ...found }];
  const parsed = read(query);
  if ("message" in parsed) return [parsed];
  const meant = withoutSql(query);
  if (meant !== undefined) {
    const message = `Conditions are joined with "^" and alternatives with "^OR"; "AND" and "OR" would be part of a value`;
    return [{ kind: "joined", column: "", message, meant }];
  }
  return problemsOf(parsed, options);
}

/** The same, as an error. @throws ServiceNowError `usage` that names every part at fault, and the query that was probably meant */
export function assertQuery(query: ParsedQuery | string, options: GuardOptions = {}): ParsedQuery {
  const problems = checkQuery(query, options);
  if (problems.length === 0) return typeof query === "string" ? parseQuery(query) : query;
  throw queryError(problems);
}

/** The error for the problems of a query. */
export function queryError(problems: readonly QueryProblem[]): ServiceNowError {
  const meant = problems.find((problem) => problem.meant !== undefined)?.meant;
  const fields = [...new Set(problems.map(({ column }) => column).filter(Boolean))];
  return new ServiceNowError({
    kind: "usage",
    what: "The query would not do what it says",
    reason: problems.map(({ message }) => message).join(". "),
    remedy:
      meant === undefined
        ? "Correct the query; in ServiceNow, right-click the filter of a list and choose Copy query to get one"
        : `Perhaps: ${meant}`,
    ...(fields.length > 0 ? { fields } : {}),
  });
}

function read(query: string): ParsedQuery | QueryProblem {
  try {
    return parseQuery(query);
  } catch (error) {
    if (!isServiceNowError(error)) throw error;
    return { kind: "not-readable", column: "", message: error.message.replace(/\.$/, "") };
  }
}

function problemsOf(query: ParsedQuery, options: GuardOptions): QueryProblem[] {
  const types: ColumnTypes = options.types ?? (() => undefined);
  const problems = columnProblems(query, options, types);
  for (const group of query.groups) {
    const searches = group.flat().some(({ field, value }) => field === TEXT_SEARCH[0] && value.trim() !== "");
    for (const condition of group.flat()) {
      const problem = problemOf(condition, searches, types, options);
      if (problem) problems.push(withWholeQuery(problem, condition, query));
    }
  }
  return problems;
}

function problemOf(
  condition: Condition,
  searches: boolean,
  types: ColumnTypes,
  options: GuardOptions,
): ConditionProblem | undefined {
  const { field, operator, value } = condition;
  if (operator === "RLQUERY") return relatedProblem(value);
  if (TEXT_SEARCH.includes(field)) return keywordProblem(condition, searches);
  if (options.scripts === false && /(^|[@,])\s*javascript:/i.test(value))
    return { kind: "script", message: `The condition on "${field}" runs a script on the instance` };
  return conditionProblem(condition, types);
}

function keywordProblem(
  { field, operator, value }: Condition,
  searches: boolean,
): ConditionProblem | undefined {
  if (field !== TEXT_SEARCH[0] && searches) return undefined;
  if (field === TEXT_SEARCH[0] && operator === "=" && value.trim() !== "") return undefined;
  return {
    kind: "value",
    message: `A keyword search is written ${TEXT_SEARCH[0]}=words; without words it fits every record`,
  };
}

/** The records that a related-list part counts. */
export interface RelatedQuery {
  /** Their table. */
  table: string;
  /** Its column that points to the record of the query. */
  column: string;
  /** Which of them count; empty for all. */
  query: string;
}

/** What `RLQUERY` counts: `incident.problem_id,>=1`, with conditions on the related records behind it. Undefined where it is not of that form. */
export function relatedQuery(value: string): RelatedQuery | undefined {
  const [, table, column, query = ""] =
    /^([a-z0-9_]+)\.([a-z0-9_]+),(?:>=|<=|>|<|!=|=)\d{1,9}(?:,(?:m2m)?)?(?:\^?(.*))?$/s.exec(
      value.replace(/^([^,]*,[^,^]*),(?!m2m)(?=.)/, "$1^"),
    ) ?? [];
  return table === undefined || column === undefined ? undefined : { table, column, query };
}

function relatedProblem(value: string): ConditionProblem | undefined {
  const related = relatedQuery(value);
  const [first] = related ? checkQuery(related.query) : [];
  if (related && !first) return undefined;
  return {
    kind: "value",
    message: first
      ? `RLQUERY ${short(value)}: ${first.message}`
      : `"${short(value)}" is not a count of related records; one is written RLQUERYincident.problem_id,>=1^ENDRLQUERY`,
  };
}

function columnProblems(query: ParsedQuery, options: GuardOptions, types: ColumnTypes): QueryProblem[] {
  const problems: QueryProblem[] = [];
  for (const column of columnsOf(query)) {
    const root = column.split(".")[0] ?? column;
    const known = options.columns;
    if (types(column) === null || (known && !known.has(root))) {
      const close = known && nearest(root, known);
      problems.push({
        kind: "unknown-column",
        column,
        message: `The table has no column "${known ? root : column}"${close ? `; did you mean "${close}"?` : ""}. ServiceNow would ignore this condition and give more records`,
      });
    } else if (options.unreadable?.has(column) || options.unreadable?.has(root)) {
      problems.push({
        kind: "unreadable-column",
        column,
        message: `The account may not read the column "${column}", so it cannot be used in a query`,
      });
    }
  }
  return problems;
}

/** The problem with the whole query as it was probably meant, where that can be read. */
function withWholeQuery(problem: ConditionProblem, condition: Condition, query: ParsedQuery): QueryProblem {
  const { meant, ...rest } = problem;
  const whole = meant === undefined ? undefined : replaced(query, condition, meant);
  return { ...rest, column: condition.field, ...(whole === undefined ? {} : { meant: whole }) };
}

function replaced(query: ParsedQuery, condition: Condition, meant: string): string | undefined {
  try {
    const other = parseQuery(meant).groups[0]?.[0]?.[0];
    if (!other) return undefined;
    const groups = query.groups.map((group) =>
      group.map((clause) => clause.map((one) => (one === condition ? other : one))),
    );
    return formatQuery({ ...query, groups });
  } catch {
    return undefined;
  }
}

/** Refuses conditions that every record meets, for what changes or deletes what it finds. @throws ServiceNowError `usage` */
export function assertNarrowing(query: ParsedQuery): void {
  if (query.groups.some((group) => group.length === 0))
    throw usageError("The query has no condition, so every record of the table would be changed");
  const open = query.groups.flat(2).find(({ operator }) => operator === "ANYTHING");
  if (open)
    throw usageError(`"${open.field}ANYTHING" fits every record`, "Leave the condition out, or give a value");
}
