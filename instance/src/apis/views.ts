import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";

/** Names that stand for the default view. */
const defaultNames = new Set(["desktop", "both", "default", "default view"]);

/**
 * Columns of a table in a view, as `sys_ui_list` and `sys_ui_list_element` hold them, with the sys_id. A view in which neither the
 * table nor a parent has a list is shown as the default view; undefined, for every column, when that has none either.
 */
export function viewFields(instance: Instance, table: Table, name: string): string[] | undefined {
  const { store } = instance;
  const wanted = name.trim().toLowerCase();
  for (const view of defaultNames.has(wanted) ? [""] : [wanted, ""])
    for (const owner of table.lineage) {
      const columns = store
        .all(
          `SELECT e.element FROM sys_ui_list l JOIN sys_ui_view v ON v.sys_id = l.view
           JOIN sys_ui_list_element e ON e.list_id = l.sys_id
           WHERE l.name = ? AND lower(COALESCE(v.name, '')) = ? AND l.parent IS NULL AND l.sys_user IS NULL
           ORDER BY e.position, e.row_number`,
          [owner, view],
        )
        .map((row) => String(row.element));
      if (columns.length > 0) return [...new Set([...columns, "sys_id"])];
    }
  return undefined;
}
