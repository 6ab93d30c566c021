import type { Instance } from "../core/instance";
import { columnOf, type Column, type Table } from "../dictionary/model";
import { toWire, type Row, type Stored } from "../store/values";
import { durationWords, formatLocal, parseStamp, zoneOffset } from "../clock/time";
import { journalText } from "./journal";
import { companionOf, linkHead, namesItsTarget } from "./references";
import type { Session } from "../core/session";

export type DisplayValue = "false" | "true" | "all";

export interface Shape {
  displayValue: DisplayValue;
  excludeLink: boolean;
  /** Columns to give, dotted paths allowed; undefined gives all. Unknown names are passed over. */
  fields?: string[];
}

type Writer = (row: Row) => string | undefined;

/** Writes records as the Table API does. Made once per answer, used for each of its rows. */
export class Serialiser {
  /** Columns that must be read from storage. */
  readonly needed: string[];
  readonly #writers: Writer[] = [];
  readonly #targets = new Map<string, Row | undefined>();

  constructor(
    readonly instance: Instance,
    readonly session: Session,
    readonly table: Table,
    readonly shape: Shape,
  ) {
    const paths = shape.fields ?? [...table.columns.keys()];
    const needed = new Set(["sys_id"]);
    for (const path of paths) {
      const [first = ""] = path.split(".");
      const writer = this.#writer(path.split("."), table, path);
      if (!writer) continue;
      this.#writers.push(writer);
      const column = columnOf(table, first);
      if (isStored(column)) needed.add(first);
      if (column.kind === "document") needed.add(companionOf(table) ?? first);
    }
    if (table.columns.has("sys_class_name")) needed.add("sys_class_name");
    this.needed = [...needed];
  }

  write(row: Row): string {
    let text = "";
    for (const writer of this.#writers) {
      const part = writer(row);
      if (part === undefined) continue;
      text = text === "" ? part : `${text},${part}`;
    }
    return `{${text}}`;
  }

  #writer(steps: string[], table: Table, path: string): Writer | undefined {
    const [first = ""] = steps;
    const column = table.columns.get(first);
    if (!column || column.kind === "hidden") return undefined;
    const { access } = this.instance;
    const { user } = this.session;
    const key = `${JSON.stringify(path)}:`;
    if (!user.admin && !access.mayField(user, table, column.element, "read")) {
      if (this.instance.config.unreadableFields === "omit") return undefined;
      const nothing = `${key}${this.#pair("", "")}`;
      return () => nothing;
    }
    if (steps.length === 1) {
      const value = this.#value(column, table);
      return (row) => key + value(row);
    }
    const target =
      column.reference === undefined ? undefined : this.instance.dictionary.get(column.reference);
    if (!target) return undefined;
    const inner = this.#writer(steps.slice(1), target, path);
    if (!inner) return undefined;
    const empty = `${key}${this.#pair("", "")}`;
    return (row) => {
      const id = row[column.element];
      const found = typeof id === "string" ? this.#target(target, id) : undefined;
      return found ? inner(found) : empty;
    };
  }

  #target(table: Table, sysId: string): Row | undefined {
    const key = `${table.name} ${sysId}`;
    if (this.#targets.has(key)) return this.#targets.get(key);
    if (this.#targets.size > 5000) this.#targets.clear();
    const row = this.instance.store.byId(table, sysId);
    this.#targets.set(key, row);
    return row;
  }

  #pair(display: string | null, value: string): string {
    switch (this.shape.displayValue) {
      case "false":
        return JSON.stringify(value);
      case "true":
        return JSON.stringify(display);
      case "all":
        return `{"display_value":${JSON.stringify(display)},"value":${JSON.stringify(value)}}`;
    }
  }

  #value(column: Column, table: Table): (row: Row) => string {
    const { element } = column;
    switch (column.kind) {
      case "reference":
      case "domain":
        return this.#reference(column, column.reference ?? "sys_user_group");
      case "document":
        return this.#document(column, table);
      case "journal":
      case "journalList":
        if (this.shape.displayValue === "false") return () => '""';
        return (row) => this.#pair(journalText(this.instance, this.session, table, row, element), "");
      case "currency":
        if (this.shape.displayValue !== "all") break;
        return (row) => {
          const value = toWire(column, row[element]);
          if (value === "") return '{"display_value":"","currency_display_value":"","value":""}';
          return JSON.stringify({
            display_value: money(value),
            currency_display_value: `USD;${value}`,
            value,
          });
        };
      case "password":
        return (row) => {
          const value = column.type === "password2" ? mask(row[element]) : toWire(column, row[element]);
          return this.#pair(value === "" ? "" : "********", value);
        };
    }
    if (this.shape.displayValue === "false") return (row) => plain(row[element], column);
    const display = this.displayer(column, table);
    return (row) => this.#pair(display(row[element]), toWire(column, row[element]));
  }

  /** The display value of a column that is no reference. Null is what ServiceNow writes for an empty choice of text. */
  displayer(column: Column, table: Table): (stored: Stored | undefined) => string | null {
    const { user } = this.session;
    const { choices } = this.instance;
    if (column.choice) {
      const empty = column.kind === "integer" ? "" : null;
      const labels = choices.list(table, column.element)?.labels;
      return (stored) => {
        const value = toWire(column, stored);
        return value === "" ? empty : (labels?.get(value) ?? value);
      };
    }
    if (column.type.includes("html"))
      return (stored) => (stored === null || stored === undefined ? null : toWire(column, stored));
    switch (column.kind) {
      case "integer":
        return (stored) => (typeof stored === "number" ? thousands(stored) : toWire(column, stored));
      case "datetime":
      case "dueDate": {
        const pattern = `${user.dateFormat} ${user.timeFormat}`;
        const empty = column.kind === "dueDate" ? "UNKNOWN" : "";
        return (stored) => {
          const time = typeof stored === "string" ? parseStamp(stored) : undefined;
          return time === undefined ? empty : formatLocal(time + zoneOffset(user.timeZone, time), pattern);
        };
      }
      case "date":
        return (stored) => {
          const time = typeof stored === "string" ? parseStamp(stored) : undefined;
          return time === undefined ? "" : formatLocal(time, user.dateFormat);
        };
      case "duration":
        return (stored) => (typeof stored === "string" ? durationWords(stored) : "");
      case "currency":
        return (stored) => (typeof stored === "string" ? money(stored) : "");
      case "class":
        return (stored) =>
          this.instance.dictionary.get(toWire(column, stored))?.label ?? toWire(column, stored);
      case "list": {
        const target = column.reference ?? "";
        return (stored) =>
          toWire(column, stored)
            .split(",")
            .map((id) => id.trim())
            .filter(Boolean)
            .map((id) => this.instance.displays.of(target, id) || id)
            .join(", ");
      }
      default:
        return (stored) => toWire(column, stored);
    }
  }

  #reference(column: Column, target: string): (row: Row) => string {
    const { element, kind } = column;
    const { displayValue, excludeLink } = this.shape;
    const byName = namesItsTarget(column, target);
    const head = `${linkHead(this.instance, this.session)}${target}`;
    const link = (id: string): string =>
      JSON.stringify(byName ? `${head}?name=${encodeURIComponent(id)}` : `${head}/${encodeURIComponent(id)}`);
    const display = (id: string): string =>
      kind === "domain" || byName ? id : this.instance.displays.of(target, id);
    const empty = this.#pair("", "");
    return (row) => {
      const stored = row[element];
      if (stored === null || stored === undefined) return empty;
      const id = String(stored);
      if (excludeLink) {
        if (displayValue === "false") return JSON.stringify(id);
        return this.#pair(display(id), id);
      }
      if (displayValue === "false") return `{"link":${link(id)},"value":${JSON.stringify(id)}}`;
      const shown = JSON.stringify(display(id));
      if (displayValue === "true") return `{"display_value":${shown},"link":${link(id)}}`;
      if (shown === '""') return this.#pair("", id);
      return `{"display_value":${shown},"link":${link(id)},"value":${JSON.stringify(id)}}`;
    };
  }

  /** A document id is a reference to a record of the table that a companion column names. */
  #document(column: Column, table: Table): (row: Row) => string {
    const companion = companionOf(table);
    return (row) => {
      const id = toWire(column, row[column.element]);
      const targetName = companion ? String(row[companion] ?? "") : "";
      const target = this.instance.dictionary.get(targetName);
      if (id === "" || !target) return this.#pair(id, id);
      const shown = `${target.label}: ${this.instance.displays.of(target.name, id)}`;
      const { displayValue, excludeLink } = this.shape;
      if (excludeLink) return this.#pair(shown, id);
      const link = `${linkHead(this.instance, this.session)}${target.name}/${id}`;
      if (displayValue === "false") return JSON.stringify({ link, value: id });
      return JSON.stringify({ display_value: shown, link, ...(displayValue === "all" ? { value: id } : {}) });
    };
  }
}

export function isStored(column: Column): boolean {
  return column.kind !== "journal" && column.kind !== "journalList" && column.kind !== "hidden";
}

function plain(stored: Stored | undefined, column: Column): string {
  if (stored === null || stored === undefined) return '""';
  if (column.kind === "boolean") return stored ? '"true"' : '"false"';
  return typeof stored === "number" ? `"${stored}"` : JSON.stringify(stored);
}

function thousands(value: number): string {
  return Math.abs(value) < 1000 ? String(value) : value.toLocaleString("en-US");
}

function money(value: string): string {
  const amount = Number(value);
  return amount.toLocaleString("en-US", { style: "currency", currency: "USD" });
}

/** Two-way encrypted columns never show what they hold. */
function mask(stored: Stored | undefined): string {
  return stored === null || stored === undefined ? "" : "*".repeat(16);
}
