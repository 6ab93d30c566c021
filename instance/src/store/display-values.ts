import type { Dictionary, Table } from "../dictionary/model";
import type { Store } from "./store";

const capacity = 20_000;

/** Display values of records by table and sys_id, remembered until their table changes. */
export class DisplayValues {
  readonly #cache = new Map<string, { version: number; values: Map<string, string> }>();

  constructor(
    readonly dictionary: Dictionary,
    readonly store: Store,
  ) {}

  /** Empty for a record that does not exist, or whose table is not modelled. */
  of(tableName: string, sysId: string): string {
    const table = this.dictionary.get(tableName);
    if (!table || !table.display) return "";
    let cache = this.#cache.get(table.storage);
    const version = this.store.version(table.storage);
    if (!cache || cache.version !== version || cache.values.size > capacity) {
      cache = { version, values: new Map() };
      this.#cache.set(table.storage, cache);
    }
    const known = cache.values.get(sysId);
    if (known !== undefined) return known;
    const value = this.#read(table, sysId);
    cache.values.set(sysId, value);
    return value;
  }

  /** The record whose display value, number or name is this text. */
  find(tableName: string, text: string): string | undefined {
    const table = this.dictionary.get(tableName);
    if (!table?.display) return undefined;
    for (const element of new Set([table.display, "number", "user_name", "name"])) {
      const column = table.columns.get(element);
      if (!column || column.kind === "reference") continue;
      const row = this.store.find(table, element, text);
      if (row) return String(row.sys_id);
    }
    return undefined;
  }

  #read(table: Table, sysId: string): string {
    const column = table.columns.get(table.display ?? "");
    if (!column) return "";
    const row = this.store.get(
      `SELECT "${table.display}" AS value FROM "${table.storage}" WHERE sys_id = ?`,
      [sysId],
    );
    if (row?.value === null || row?.value === undefined) return "";
    const value = String(row.value);
    return column.kind === "reference" && column.reference ? this.of(column.reference, value) : value;
  }
}
