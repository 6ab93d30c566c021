import { metadataRoot, type Table } from "../dictionary/model";
import type { Row } from "../store/values";

/**
 * The columns that the platform keeps in every application file (`sys_metadata` and what extends it): its name, which is its display
 * value, its class, and the name it has in update sets.
 */
export function completeApplicationFile(table: Table, row: Row, before?: Row): void {
  if (!table.lineage.includes(metadataRoot)) return;
  const display = table.display === null || table.display === "sys_name" ? undefined : table.display;
  if (display !== undefined && (!before || before[display] !== row[display]))
    row.sys_name = row[display] ?? null;
  row.sys_class_name ??= table.name;
  row.sys_scope ??= "global";
  row.sys_package ??= row.sys_scope;
  row.sys_update_name ??= `${table.name}_${String(row.sys_id)}`;
}
