import type { Dictionary, Table } from "../dictionary/model";
import type { Store } from "./store";

interface ChoiceList {
  labels: Map<string, string>;
  /** Values that may be written: the active ones, by lower-case value and by lower-case label. */
  byText: Map<string, string>;
}

/** Choice lists as sys_choice holds them now; a table without its own list takes the nearest ancestor's. */
export class ChoiceCache {
  #lists = new Map<string, ChoiceList>();
  #resolved = new Map<string, ChoiceList | null>();
  #version = -1;

  constructor(
    readonly dictionary: Dictionary,
    readonly store: Store,
  ) {}

  list(table: Table, element: string): ChoiceList | undefined {
    this.#refresh();
    const key = `${table.name}.${element}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known ?? undefined;
    const owner = table.lineage.find((name) => this.#lists.has(`${name}.${element}`));
    const list = (owner === undefined ? undefined : this.#lists.get(`${owner}.${element}`)) ?? null;
    this.#resolved.set(key, list);
    return list ?? undefined;
  }

  label(table: Table, element: string, value: string): string {
    return this.list(table, element)?.labels.get(value) ?? value;
  }

  #refresh(): void {
    const version = this.store.version("sys_choice");
    if (version === this.#version) return;
    this.#version = version;
    this.#lists = new Map();
    this.#resolved = new Map();
    for (const row of this.store.all(
      "SELECT name, element, value, label, inactive FROM sys_choice ORDER BY sequence",
    )) {
      const key = `${row.name}.${row.element}`;
      let list = this.#lists.get(key);
      if (!list) this.#lists.set(key, (list = { labels: new Map(), byText: new Map() }));
      const value = String(row.value ?? "");
      const label = String(row.label ?? "");
      if (!list.labels.has(value)) list.labels.set(value, label);
      if (row.inactive === 1) continue;
      if (!list.byText.has(value.toLowerCase())) list.byText.set(value.toLowerCase(), value);
      if (!list.byText.has(label.toLowerCase())) list.byText.set(label.toLowerCase(), value);
    }
  }
}
