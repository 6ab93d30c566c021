import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { readInput } from "../records/input";
import { insertRecord, updateRecord } from "../records/write";
import type { Row } from "../store/values";
import { stamp } from "../clock/time";
import { asObject, asString, text } from "./rows";
import type { Session } from "../core/session";

/** A record beside an item that points to it: a serial number, a network adapter, an installed program. */
export interface SubItem {
  className: string;
  values: Record<string, unknown>;
  kind: "lookup" | "related";
  index: number;
}

/** Where an item comes from: the key that a source knows it by. */
export interface Origin {
  source: string;
  feed: string;
  key: string;
  scanned: string;
}

export function readSubItems(item: Record<string, unknown>): SubItem[] {
  return (["lookup", "related"] as const).flatMap((kind) => {
    const list = item[kind];
    return (Array.isArray(list) ? list : []).map((entry: unknown, index): SubItem => {
      const { className, values } = asObject(entry);
      return { className: asString(className), values: asObject(values), kind, index };
    });
  });
}

export function readOrigin(item: Record<string, unknown>, source: string): Origin | undefined {
  const info = asObject(item.sys_object_source_info);
  const key = asString(info.source_native_key);
  if (key === "") return undefined;
  return {
    source: asString(info.source_name) || source,
    feed: asString(info.source_feed),
    key,
    scanned: asString(info.source_recency_timestamp),
  };
}

/** Items that lookup records with these values point to. */
export function findByLookup(
  instance: Instance,
  table: Table,
  attributes: string[],
  given: SubItem[],
): string[] {
  const where = attributes.map((name) => `"${name}" = ?`).join(" AND ");
  const found = given.flatMap(({ values }) =>
    instance.store.all(
      `SELECT DISTINCT cmdb_ci FROM "${table.storage}" WHERE ${where} AND cmdb_ci IS NOT NULL`,
      attributes.map((name) => asString(values[name])),
    ),
  );
  return [...new Set(found.map((row) => text(row, "cmdb_ci")))];
}

/** The item that a source is known to know by this key. */
export function findByOrigin(instance: Instance, origin: Origin): string | undefined {
  const row = instance.store.get(
    "SELECT target_sys_id FROM sys_object_source WHERE name = ? AND id = ? AND COALESCE(source_feed, '') = ?",
    [origin.source, origin.key, origin.feed],
  );
  return row && text(row, "target_sys_id");
}

/** Remembers by which key the source knows the item. */
export function keepOrigin(
  instance: Instance,
  session: Session,
  origin: Origin,
  target: { table: string; sysId: string },
): void {
  const table = instance.dictionary.known("sys_object_source");
  const values = {
    name: origin.source,
    id: origin.key,
    source_feed: origin.feed,
    target_table: target.table,
    target_sys_id: target.sysId,
    last_scan: origin.scanned || stamp(instance.stampTime()),
  };
  const known = instance.store.get(
    "SELECT sys_id FROM sys_object_source WHERE name = ? AND id = ? AND COALESCE(source_feed, '') = ?",
    [origin.source, origin.key, origin.feed],
  );
  const input = readInput(instance, session, table, values, false);
  if (known) updateRecord(instance, session, table, text(known, "sys_id"), input);
  else insertRecord(instance, session, table, input);
}

/** The column by which records of a table point to an item of this class. */
export function pointer(instance: Instance, table: Table, item: Table): string | undefined {
  const fits = [...table.columns.values()].filter(
    (column) =>
      column.reference !== undefined &&
      column.definedOn === table.name &&
      item.lineage.includes(column.reference) &&
      instance.dictionary.get(column.reference)?.lineage.includes("cmdb"),
  );
  return (fits.find(({ element }) => element === "cmdb_ci") ?? fits[0])?.element;
}

/** What tells one record beside an item from its neighbours. */
const keys = ["serial_number", "serial_number_type", "mac_address", "name"];

/**
 * Writes a record beside an item, over the one that has the same key. Returns the id of the one that was there; undefined for a
 * new one.
 */
export function writeSubItem(
  instance: Instance,
  session: Session,
  table: Table,
  column: string,
  itemId: string,
  { values }: SubItem,
): string | undefined {
  const given = keys.filter((name) => table.columns.has(name) && asString(values[name]) !== "");
  const where = [column, ...given].map((name) => `"${name}" = ?`).join(" AND ");
  const there: Row | undefined = instance.store
    .all(`SELECT * FROM "${table.storage}" WHERE ${where}`, [
      itemId,
      ...given.map((name) => asString(values[name])),
    ])
    .find((row) => instance.store.belongs(table, row));
  const input = readInput(instance, session, table, { ...values, [column]: itemId }, false);
  if (!there) {
    insertRecord(instance, session, table, input);
    return undefined;
  }
  updateRecord(instance, session, table, text(there, "sys_id"), input);
  return text(there, "sys_id");
}
