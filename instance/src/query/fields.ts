import type { User } from "../users/users";
import type { Column, Dictionary, Table } from "../dictionary/model";
import { zoneOffset } from "../clock/time";
import type { Fragment } from "../store/sql";

/** What a query is read against. */
export interface QueryContext {
  dictionary: Dictionary;
  user: User;
  now: number;
  dateLiterals: "utc" | "user";
  /** Whether the user may read the column, and may compare it with ranges. */
  allowed(table: Table, column: Column, range: boolean): boolean;
  /** What happens to a term on a column that is not allowed. */
  refused: "error" | "drop";
  /** Answers CHANGES operators; in plain queries they are dropped. */
  changes?(operator: string, field: string, value: string): boolean;
}

export interface ResolvedField {
  table: Table;
  column: Column;
  sql: string;
}

/** Follows a dotted path of references from a table; the SQL is an expression over the alias. */
export function resolveField(
  dictionary: Dictionary,
  table: Table,
  path: string,
  alias = "r",
): ResolvedField | undefined {
  const steps = path.split(".");
  if (steps.length > 8) return undefined;
  let current = table;
  const [first = "", ...further] = steps;
  let column = current.columns.get(first);
  let sql = `${alias}."${first}"`;
  for (const step of further) {
    const target = column?.reference === undefined ? undefined : dictionary.get(column.reference);
    if (!target) return undefined;
    column = target.columns.get(step);
    sql = `(SELECT j."${step}" FROM "${target.storage}" j WHERE j.sys_id = ${sql})`;
    current = target;
  }
  if (!column || !stored(column)) return undefined;
  return { table: current, column, sql: further.length > 0 ? collated(sql, column) : sql };
}

/** What a subquery gives has lost how its column compares: texts without regard to case. */
function collated(sql: string, column: Column): string {
  return column.kind === "string" ? `(${sql} COLLATE NOCASE)` : sql;
}

function stored(column: Column): boolean {
  return column.kind !== "journal" && column.kind !== "journalList" && column.kind !== "hidden";
}

/** The display value of a reference, as SQL; the value itself when the target is not known. */
export function displaySql(dictionary: Dictionary, field: ResolvedField): string {
  const target = field.column.reference === undefined ? undefined : dictionary.get(field.column.reference);
  if (field.column.kind !== "reference" || !target?.display) return field.sql;
  const display = target.columns.get(target.display);
  if (!display || !stored(display)) return field.sql;
  const inner = `(SELECT j."${target.display}" FROM "${target.storage}" j WHERE j.sys_id = ${field.sql})`;
  return display.kind === "reference"
    ? displaySql(dictionary, { table: target, column: display, sql: inner })
    : collated(inner, display);
}

/** Restricts a storage table to one ServiceNow table and its children. */
export function classCondition(table: Table, alias = "r"): Fragment | undefined {
  if (table.name === table.storage) return undefined;
  if (table.classes.length === 1) return { sql: `${alias}.sys_class_name = ?`, parameters: [table.name] };
  return {
    sql: `${alias}.sys_class_name IN (${table.classes.map(() => "?").join(",")})`,
    parameters: [...table.classes],
  };
}

/** SQL that moves a stored UTC stamp into the user's zone, at the offset of now. */
export function localSql(field: ResolvedField, context: QueryContext): string {
  if (field.column.kind === "date") return field.sql;
  const minutes = Math.round(zoneOffset(context.user.timeZone, context.now) / 60_000);
  return `datetime(${field.sql}, '${minutes >= 0 ? "+" : ""}${minutes} minutes')`;
}
