import type { Table } from "../dictionary/model";
import { type QueryContext, type ResolvedField } from "./fields";
import { and, type Fragment, listOfValues, or } from "../store/sql";

/** Filters of sys_filter_option_dynamic that exist everywhere. */
const dynamicFilters: Record<string, (user: QueryContext["user"]) => string[]> = {
  "90d1921e5f510100a9ad2572f2b477fe": (user) => [user.sysId],
  d6435e965f510100a9ad2572f2b477fe: (user) => [...user.groups],
};

/** `DYNAMIC`: the filter by that sys_id, for the user who asks. */
export function dynamic(id: string, field: ResolvedField, context: QueryContext): Fragment | undefined {
  const filter = Object.hasOwn(dynamicFilters, id) ? dynamicFilters[id] : undefined;
  if (!filter) return undefined;
  return {
    sql: `${field.sql} IN (${listOfValues})`,
    parameters: [JSON.stringify(filter(context.user))],
  };
}

/** The record and everything below it, by `parent`, or `manager` for users. */
export function hierarchy(root: string, field: ResolvedField, context: QueryContext): Fragment | undefined {
  const target =
    field.column.reference === undefined ? undefined : context.dictionary.get(field.column.reference);
  const link = target && ["parent", "manager"].find((name) => target.columns.get(name)?.kind === "reference");
  if (!target || !link) return undefined;
  return {
    sql: `${field.sql} IN (WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT c.sys_id FROM "${target.storage}" c JOIN below ON c."${link}" = below.id) SELECT id FROM below)`,
    parameters: [root],
  };
}

/** Every word in one of the usual text columns; undefined when there are no words or no such columns. */
export function textQuery(value: string, table: Table, alias: string): Fragment | undefined {
  const columns = [...table.columns.values()].filter(
    (column) =>
      column.display ||
      ["short_description", "description", "number", "name", "title", "text", "close_notes"].includes(
        column.element,
      ),
  );
  const searchable = columns.filter((column) => column.kind === "string");
  const words = value.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 20);
  if (words.length === 0 || searchable.length === 0) return undefined;
  return and(
    words.map((word) =>
      or(
        searchable.map((column) => ({
          sql: `instr(lower(${alias}."${column.element}"), ?) > 0`,
          parameters: [word],
        })),
      ),
    ),
  );
}
