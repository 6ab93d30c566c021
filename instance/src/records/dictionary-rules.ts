import type { Instance } from "../core/instance";
import { isName, readCustom } from "../store/custom-tables";
import type { Table } from "../dictionary/model";
import { errors } from "../core/errors";
import type { Store } from "../store/store";
import type { Row } from "../store/values";
import { isStored } from "./serialise";
import { fixedId, newId } from "../ids/sys-id";
import type { Work } from "../core/work";

const describing = new Set(["sys_db_object", "sys_dictionary", "sys_number", "sys_choice"]);
/** What each root table has. */
const systemColumns: Record<string, string> = {
  sys_id: "GUID",
  sys_created_on: "glide_date_time",
  sys_created_by: "string",
  sys_updated_on: "glide_date_time",
  sys_updated_by: "string",
  sys_mod_count: "integer",
};

/**
 * Looks over a row of sys_db_object or sys_dictionary before it is written: gives it a proper name with `u_` in front, keeps what
 * cannot change as it is, and refuses what would harm the instance.
 *
 * @throws ApiError 403 as from a business rule
 */
export function guardDictionary(
  instance: Instance,
  table: Table,
  before: Row | undefined,
  after: Row | undefined,
): void {
  if (table.name === "sys_db_object") guardTable(instance, before, after);
  else if (table.name === "sys_dictionary") guardColumn(instance, before, after);
}

function guardTable({ dictionary }: Instance, before: Row | undefined, after: Row | undefined): void {
  const refuse = (rule: string): Error =>
    errors.ruleAborted("sys_db_object", rule, fixedId("sys_script", rule));
  if (!after) {
    const name = text(before, "name");
    if (dictionary.builtIn(name)) throw refuse("Prevent deletion of base tables");
    if ((dictionary.get(name)?.classes.length ?? 1) > 1) throw refuse("Prevent deletion of extended tables");
    return;
  }
  if (before) {
    after.name = before.name ?? null;
    after.super_class = before.super_class ?? null;
    return;
  }
  const name = customName(text(after, "name") || text(after, "label"));
  if (!isName(name) || dictionary.get(name)) throw refuse("Validate table name");
  after.name = name;
  after.label ??= name;
}

function guardColumn({ dictionary, store }: Instance, before: Row | undefined, after: Row | undefined): void {
  const refuse = (rule: string): Error =>
    errors.ruleAborted("sys_dictionary", rule, fixedId("sys_script", rule));
  const name = text(before ?? after, "name");
  const element = text(before ?? after, "element");
  if (!after) {
    if (element === "" ? dictionary.get(name) : dictionary.builtIn(name, element))
      throw refuse("Prevent deletion of base columns");
    return;
  }
  for (const [key, target] of [
    ["internal_type", "sys_glide_object"],
    ["reference", "sys_db_object"],
  ] as const)
    // These references hold names; one that was given as a sys_id, or resolved to it, goes back to its name.
    after[key] =
      store.get(`SELECT name FROM ${target} WHERE sys_id = ?`, [text(after, key)])?.name ??
      after[key] ??
      null;
  if (before) {
    after.name = before.name ?? null;
    after.element = before.element ?? null;
    return;
  }
  if (text(after, "internal_type") === "collection") return;
  const label = element || text(after, "column_label");
  if (label === "") throw refuse("Validate column name");
  const column = customName(label);
  const table = dictionary.get(name);
  if (!table || !isName(column) || table.columns.has(column)) throw refuse("Validate column name");
  after.element = column;
  after.column_label ??= label;
  after.internal_type ??= "string";
}

/** Lower case with underscores, and `u_` in front unless it belongs to an application. */
function customName(given: string): string {
  const name = given.trim().toLowerCase().replace(/\W+/g, "_");
  return /^[ux]_/.test(name) ? name : `u_${name}`;
}

/** What a written row of the dictionary tables brings along: rows that belong to it, and the table or column itself. */
export function updateDictionary(
  instance: Instance,
  table: Table,
  { before, after }: { before?: Row; after?: Row },
  stamps: Row,
  work: Work,
): void {
  if (!describing.has(table.name)) return;
  if (table.name === "sys_db_object" && after && !before) describeTable(instance.store, after, stamps, work);
  if (table.name === "sys_db_object" && before && !after) forgetTable(instance, text(before, "name"));
  if (table.name === "sys_dictionary") {
    if (after && !before) describeColumn(instance, after, stamps, work);
    if (before && !after) forgetColumn(instance, text(before, "name"), text(before, "element"));
  }
  work.effects.push(() => readCustom(instance.dictionary, instance.store));
}

function describeTable(store: Store, row: Row, stamps: Row, work: Work): void {
  const name = text(row, "name");
  const common = { ...stamps, name };
  const label = row.label ?? null;
  if (!store.get("SELECT 1 FROM sys_dictionary WHERE name = ? AND element IS NULL", [name]))
    store.insert("sys_dictionary", {
      ...common,
      sys_id: work.once(newId),
      internal_type: "collection",
      column_label: label,
      active: 1,
    });
  store.insert("sys_documentation", { ...common, sys_id: work.once(newId), label, plural: `${label}s` });
  if (row.super_class) return;
  for (const [element, internal_type] of Object.entries(systemColumns))
    store.insert("sys_dictionary", {
      ...common,
      sys_id: work.once(newId),
      element,
      internal_type,
      column_label: element,
      max_length: element === "sys_id" ? 32 : 40,
      active: 1,
    });
}

function describeColumn({ store, dictionary }: Instance, row: Row, stamps: Row, work: Work): void {
  const name = text(row, "name");
  const element = text(row, "element");
  if (element !== "") {
    store.insert("sys_documentation", {
      ...stamps,
      sys_id: work.once(newId),
      name,
      element,
      label: row.column_label ?? element,
    });
    return;
  }
  // The row of a whole table makes the table.
  if (dictionary.get(name) || !isName(name)) return;
  const table = { ...stamps, sys_id: work.once(newId), name, label: row.column_label ?? name };
  store.insert("sys_db_object", table);
  describeTable(store, table, stamps, work);
}

function forgetTable({ store, dictionary }: Instance, name: string): void {
  const table = dictionary.get(name);
  if (table && table.storage !== name)
    store.run(`DELETE FROM "${table.storage}" WHERE sys_class_name = ?`, [name]);
  else if (table) store.run(`DELETE FROM "${table.storage}"`);
  for (const rows of ["sys_dictionary", "sys_documentation", "sys_choice"]) {
    store.run(`DELETE FROM ${rows} WHERE name = ?`, [name]);
    store.touch(rows);
  }
}

function forgetColumn({ store, dictionary }: Instance, name: string, element: string): void {
  const table = dictionary.get(name);
  const column = table?.columns.get(element);
  if (!table || !column) return;
  const classes =
    table.storage === name ? "" : ` WHERE sys_class_name IN (${table.classes.map(() => "?").join(",")})`;
  if (isStored(column))
    store.run(
      `UPDATE "${table.storage}" SET "${element}" = NULL${classes}`,
      classes === "" ? [] : table.classes,
    );
  for (const rows of ["sys_documentation", "sys_choice"]) {
    store.run(`DELETE FROM ${rows} WHERE name = ? AND element = ?`, [name, element]);
    store.touch(rows);
  }
}

function text(row: Row | undefined, element: string): string {
  const stored = row?.[element];
  return stored === null || stored === undefined ? "" : String(stored);
}
