import type { Table } from "../dictionary/model";
import { toStored } from "../store/values";
import { localToUtc, parseStamp, stamp } from "../clock/time";
import { datePart, fieldDistance, relative } from "./date-terms";
import { displaySql, resolveField, type QueryContext, type ResolvedField } from "./fields";
import type { Term } from "./parse";
import { evaluateScript } from "./script";
import { dynamic, hierarchy, textQuery } from "./special-terms";
import { always, type Fragment, listOfValues, never } from "../store/sql";

export type TermResult = { condition: Fragment } | { rejected: "dropped" | "denied" };

const dropped: TermResult = { rejected: "dropped" };

const ranges = new Set([
  "<",
  "<=",
  ">",
  ">=",
  "BETWEEN",
  "STARTSWITH",
  "ENDSWITH",
  "LIKE",
  "CONTAINS",
  "*",
  "%",
]);
/** Operators whose value has parts, each of which may be a script. */
const several = new Set(["BETWEEN", "ON", "NOTON", "DATEPART"]);
const dates = new Set(["datetime", "dueDate", "date"]);

/** Turns one comparison into SQL, or says why it cannot count. */
export function compileTerm(term: Term, table: Table, context: QueryContext, alias: string): TermResult {
  if (term.operator === "TEXT") {
    const condition = textQuery(term.value, table, alias);
    return condition === undefined ? dropped : { condition };
  }
  if (/^(VALCHANGES|CHANGESFROM|CHANGESTO)$/.test(term.operator)) {
    if (!context.changes) return dropped;
    return { condition: context.changes(term.operator, term.field, term.value) ? always : never };
  }
  const field = resolveField(context.dictionary, table, term.field, alias);
  if (!field) return dropped;
  if (!context.allowed(field.table, field.column, ranges.has(term.operator))) return { rejected: "denied" };
  let { value } = term;
  let isUtc = false;
  if (value.startsWith("javascript:") && !several.has(term.operator)) {
    const evaluated = evaluateScript(value, context.user, context.now);
    if (!evaluated) return dropped;
    value = evaluated.value;
    isUtc = true;
  }
  const condition = compare(term.operator, value, isUtc, field, table, context, alias);
  return condition === undefined ? dropped : { condition };
}

function compare(
  operator: string,
  value: string,
  isUtc: boolean,
  field: ResolvedField,
  table: Table,
  context: QueryContext,
  alias: string,
): Fragment | undefined {
  const { sql, column } = field;
  const empty: Fragment = { sql: `${sql} IS NULL`, parameters: [] };
  const notEmpty: Fragment = { sql: `${sql} IS NOT NULL`, parameters: [] };
  switch (operator) {
    case "ISEMPTY":
    case "EMPTYSTRING":
      return empty;
    case "ISNOTEMPTY":
      return notEmpty;
    case "ANYTHING":
      return always;
    case "=":
    case "!=":
      return equality(operator, value, isUtc, field, context);
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const bound = literal(value, isUtc, field, context);
      return bound === null ? never : { sql: `${numeric(field)} ${operator} ?`, parameters: [bound] };
    }
    case "BETWEEN": {
      const [from = "", to = ""] = splitBounds(value);
      const low = bound(from, field, context);
      const high = bound(to, field, context);
      if (low === undefined || high === undefined) return undefined;
      if (low === null || high === null) return never;
      return { sql: `${numeric(field)} BETWEEN ? AND ?`, parameters: [low, high] };
    }
    case "LIKE":
    case "CONTAINS":
    case "*":
      return textMatch(field, context, value, "contains");
    case "NOT LIKE":
    case "NOTLIKE":
    case "DOES NOT CONTAIN":
    case "!*": {
      const match = textMatch(field, context, value, "contains");
      return { sql: `(${sql} IS NOT NULL AND NOT ${match.sql})`, parameters: match.parameters };
    }
    case "STARTSWITH":
      return textMatch(field, context, value, "starts");
    case "ENDSWITH":
    case "%":
      return textMatch(field, context, value, "ends");
    case "IN":
    case "NOT IN": {
      const wanted = [
        ...new Set(value.split(",").map((item) => literal(item.trim(), isUtc, field, context))),
      ].filter((item) => item !== null);
      const list = JSON.stringify(wanted);
      return {
        sql: `${sql} ${operator} (${listOfValues})`,
        parameters: [list],
      };
    }
    case "INSTANCEOF": {
      const ancestor = context.dictionary.get(value);
      if (!ancestor) return never;
      return {
        sql: `${sql} IN (${listOfValues})`,
        parameters: [JSON.stringify(ancestor.classes)],
      };
    }
    case "DYNAMIC":
      return dynamic(value, field, context);
    case "IN_HIERARCHY":
    case "IN_HIERARCHY_DYNAMIC":
      return hierarchy(value, field, context);
    case "ON":
    case "NOTON":
      return onDay(operator, value, field, context);
    case "DATEPART":
      return dates.has(column.kind) ? datePart(value, field, context) : undefined;
    case "MORETHAN":
    case "LESSTHAN": {
      const [path = ""] = value.split("@");
      const other = resolveField(context.dictionary, table, path, alias);
      return other && fieldDistance(operator, value, field, other);
    }
  }
  if (operator.startsWith("RELATIVE"))
    return dates.has(column.kind) ? relative(operator.slice(8), value, field, context) : undefined;
  const fields: Record<string, string> = {
    SAMEAS: "=",
    NSAMEAS: "<>",
    GT_FIELD: ">",
    LT_FIELD: "<",
    GT_OR_EQUALS_FIELD: ">=",
    LT_OR_EQUALS_FIELD: "<=",
  };
  const sign = fields[operator];
  if (!sign) return undefined;
  const [otherPath = "", part] = value.split("@");
  const other = resolveField(context.dictionary, table, otherPath, alias);
  if (!other) return undefined;
  if (!context.allowed(other.table, other.column, false)) return never;
  if (part === "day") return { sql: `substr(${sql},1,10) ${sign} substr(${other.sql},1,10)`, parameters: [] };
  return { sql: `${sql} ${sign} ${other.sql}`, parameters: [] };
}

function equality(
  operator: "=" | "!=",
  value: string,
  isUtc: boolean,
  field: ResolvedField,
  context: QueryContext,
): Fragment {
  const { sql, column } = field;
  if (value === "" || value === "NULL")
    return { sql: `${sql} IS ${operator === "=" ? "" : "NOT "}NULL`, parameters: [] };
  if (column.kind === "boolean") {
    const wanted = toStored(column, value) === (operator === "=" ? 1 : 0);
    return { sql: wanted ? `${sql} = 1` : `COALESCE(${sql}, 0) = 0`, parameters: [] };
  }
  const stored = literal(value, isUtc, field, context);
  if (stored === null) return operator === "=" ? never : { sql: `${sql} IS NOT NULL`, parameters: [] };
  return { sql: `${sql} ${operator === "=" ? "=" : "<>"} ?`, parameters: [stored] };
}

/** Decimals and amounts are stored as text and compare as numbers. */
function numeric({ sql, column }: ResolvedField): string {
  return column.kind === "decimal" || column.kind === "currency" ? `CAST(${sql} AS REAL)` : sql;
}

/** The value as the column stores it; null when it is no value of that type. */
function literal(
  value: string,
  isUtc: boolean,
  { column }: ResolvedField,
  context: QueryContext,
): string | number | null {
  if (column.kind === "integer") return /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : null;
  if (column.kind === "decimal" || column.kind === "currency") {
    const stored = toStored(column, value);
    return stored === null ? null : Number(stored);
  }
  if (column.kind === "datetime" || column.kind === "dueDate") {
    const time = parseStamp(value);
    if (time === undefined) return null;
    return stamp(isUtc || context.dateLiterals === "utc" ? time : localToUtc(time, context.user.timeZone));
  }
  if (column.kind === "date" || column.kind === "boolean" || column.kind === "duration")
    return toStored(column, value);
  return value;
}

/** `a@b`, where a script may itself hold an `@`. */
function splitBounds(value: string): string[] {
  const at = value.indexOf("@");
  return at < 0 ? [value, value] : [value.slice(0, at), value.slice(at + 1)];
}

/** A bound of a range: a literal or a script; undefined when the script is refused. */
function bound(
  text: string,
  field: ResolvedField,
  context: QueryContext,
): string | number | null | undefined {
  if (!text.startsWith("javascript:")) return literal(text, false, field, context);
  const evaluated = evaluateScript(text, context.user, context.now);
  return evaluated && literal(evaluated.value, true, field, context);
}

function textMatch(
  field: ResolvedField,
  context: QueryContext,
  value: string,
  how: "contains" | "starts" | "ends",
): Fragment {
  const text = `lower(${displaySql(context.dictionary, field)})`;
  const wanted = value.toLowerCase();
  if (value === "") return { sql: `${field.sql} IS NOT NULL`, parameters: [] };
  if (how === "contains") return { sql: `instr(${text}, ?) > 0`, parameters: [wanted] };
  const length = [...wanted].length;
  return how === "starts"
    ? { sql: `substr(${text}, 1, ${length}) = ?`, parameters: [wanted] }
    : { sql: `substr(${text}, -${length}) = ?`, parameters: [wanted] };
}

/** `label@start@end`, a pair of bounds, or one day in the user's zone. */
function onDay(
  operator: "ON" | "NOTON",
  value: string,
  field: ResolvedField,
  context: QueryContext,
): Fragment | undefined {
  const [label = "", start = "", end] = value.split("@");
  let low: string | number | null | undefined;
  let high: string | number | null | undefined;
  if (end !== undefined) {
    low = bound(start, field, context);
    high = bound(end, field, context);
  } else {
    const day = parseStamp(label.slice(0, 10));
    if (day === undefined) return undefined;
    const utc = (local: number): string => stamp(localToUtc(local, context.user.timeZone));
    low = field.column.kind === "date" ? stamp(day).slice(0, 10) : utc(day);
    high = field.column.kind === "date" ? low : utc(day + 86_400_000 - 1000);
  }
  if (low === undefined || high === undefined) return undefined;
  if (low === null || high === null) return never;
  return { sql: `${field.sql} ${operator === "ON" ? "" : "NOT "}BETWEEN ? AND ?`, parameters: [low, high] };
}
