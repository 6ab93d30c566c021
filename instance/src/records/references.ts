import type { Instance } from "../core/instance";
import type { Column, Table } from "../dictionary/model";
import type { Session } from "../core/session";

const companions = [
  "table",
  "source_table",
  "parent_table",
  "origin_table",
  "target_table",
  "sys_target_table",
];

/** The column that names the table of a document id. */
export function companionOf(table: Table): string | undefined {
  return companions.find((name) => table.columns.has(name));
}

/** What links to records start with; the table's name follows. */
export function linkHead(instance: Instance, session: Session): string {
  return `${instance.baseUrl}/api/now/${session.version ? `${session.version}/` : ""}table/`;
}

/** Tables whose references to `sys_db_object` hold the name of the table. */
const namedBy = new Set(["sys_dictionary", "sys_number"]);

/** References whose value is a name instead of a sys_id link to a query. */
export function namesItsTarget(column: Column, target: string): boolean {
  return target === "sys_glide_object" || (namedBy.has(column.definedOn) && target === "sys_db_object");
}
