import type { Instance } from "../core/instance";
import type { Row, Stored } from "../store/values";
import { toStored } from "../store/values";
import type { Table } from "../dictionary/model";
import { fixedId } from "../ids/sys-id";
import { completeApplicationFile } from "../records/application-file";

/** Time of everything in the seed that has no time of its own. */
export const seedTime = "2024-01-01 08:00:00";

/**
 * Puts records straight into storage, without rules: what the seed says is what is stored. Values are database values as text.
 * A record without a sys_id gets one made from its table and its key, the same every time.
 */
export class Seeder {
  constructor(readonly instance: Instance) {}

  table(name: string): Table {
    const table = this.instance.dictionary.get(name);
    if (!table) throw new Error(`The seed names a table that does not exist: ${name}`);
    return table;
  }

  /** Returns the sys_id. */
  add(tableName: string, key: string, values: Record<string, string | number | boolean | null>): string {
    const table = this.table(tableName);
    const row: Row = {};
    for (const column of table.columns.values())
      if (column.default !== undefined && !column.default.startsWith("javascript:"))
        row[column.element] = toStored(column, column.default);
    for (const [element, value] of Object.entries(values)) {
      const column = table.columns.get(element);
      if (!column) throw new Error(`The seed names a column that does not exist: ${tableName}.${element}`);
      row[element] = value === null ? null : toStored(column, String(value));
    }
    const sysId = String(row.sys_id ?? fixedId(tableName, key));
    row.sys_id = sysId;
    row.sys_created_on ??= seedTime;
    row.sys_created_by ??= "admin";
    if (!table.noUpdateColumns) {
      row.sys_updated_on ??= row.sys_created_on as Stored;
      row.sys_updated_by ??= "admin";
      row.sys_mod_count ??= 0;
    }
    if (table.columns.has("sys_class_name") || table.name !== table.storage) row.sys_class_name = tableName;
    completeApplicationFile(table, row);
    this.instance.store.insert(table.storage, row);
    return sysId;
  }
}
