import type { Store } from "./store";
import type { Row, Stored } from "./values";
import type { Dictionary } from "../dictionary/model";
import type { RawColumn, RawTable } from "../dictionary/raw";

/**
 * Takes over the tables and columns that rows of sys_db_object and sys_dictionary describe beyond those the instance starts with,
 * and lets go of those whose rows are gone. Called when the instance opens and after each write to these tables.
 */
export function readCustom(dictionary: Dictionary, store: Store): void {
  const custom = new Map<string, RawTable>();
  for (const row of store.all(
    `SELECT t.name, t.label, p.name AS parent, n.prefix FROM sys_db_object t
     LEFT JOIN sys_db_object p ON p.sys_id = t.super_class LEFT JOIN sys_number n ON n.category = t.name
     WHERE t.name GLOB '[ux]_*' ORDER BY t.row_number`,
  )) {
    const name = text(row.name);
    if (dictionary.builtIn(name) || custom.has(name) || !isName(name)) continue;
    const parent = text(row.parent);
    custom.set(name, {
      label: text(row.label) || name,
      plural: null,
      super: custom.has(parent) || dictionary.builtIn(parent) ? parent : null,
      prefix: text(row.prefix) || null,
      columns: [],
    });
  }
  for (const row of store.all(
    `SELECT d.*, EXISTS (SELECT 1 FROM sys_choice c WHERE c.name = d.name AND c.element = d.element) AS listed
     FROM sys_dictionary d WHERE element IS NOT NULL AND active IS NOT 0
     AND (name GLOB '[ux]_*' OR element GLOB '[ux]_*') ORDER BY row_number`,
  )) {
    const name = text(row.name);
    const element = text(row.element);
    if (dictionary.builtIn(name, element) || !isName(element) || element.startsWith("sys_")) continue;
    let table = custom.get(name);
    if (!table) {
      if (!dictionary.builtIn(name)) continue;
      table = { label: name, plural: null, super: null, columns: [] };
      custom.set(name, table);
    }
    const column = toRawColumn(row, element);
    table.columns.push(column);
    if (column.display) table.display = element;
  }
  if (custom.size === 0 && !dictionary.hasCustom) return;
  dictionary.setCustom(Object.fromEntries(custom));
  store.extend();
  store.createIndexes();
}

/** Whether a text may be the name of a table or column. */
export function isName(name: string): boolean {
  return /^[a-z][a-z0-9_]{0,79}$/.test(name);
}

function toRawColumn(row: Row, element: string): RawColumn {
  const type = text(row.internal_type) || "string";
  const column: RawColumn = {
    element,
    label: text(row.column_label) || element,
    type,
    max_length: Number(row.max_length ?? 40) || 40,
    choice: Number(row.choice ?? 0) > 0 || row.listed === 1,
    display: row.display === 1,
    mandatory: row.mandatory === 1,
    read_only: row.read_only === 1,
  };
  if (row.reference) column.reference = text(row.reference);
  if (row.default_value) column.default = text(row.default_value);
  return column;
}

function text(stored: Stored | undefined): string {
  return stored === null || stored === undefined ? "" : String(stored);
}
