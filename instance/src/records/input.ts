import type { Instance } from "../core/instance";
import type { Column, Table } from "../dictionary/model";
import { toStored, type Stored } from "../store/values";
import { localToUtc, parseLocal, parseStamp, stamp } from "../clock/time";
import { hashPassword } from "../users/passwords";
import { namesItsTarget } from "./references";
import type { Session } from "../core/session";

/** What a body asks to be written, in storage form. */
export interface Input {
  values: Map<string, Stored>;
  journals: { element: string; text: string }[];
  /** Keys that are no column, or that the user may not write. */
  ignored: string[];
}

const isId = /^[0-9a-f]{32}$/;

/**
 * Reads a body against the dictionary: database values, or display values when `display`.
 * Unknown keys, unwritable columns and values outside a choice list are passed over in silence, as ServiceNow does.
 */
export function readInput(
  instance: Instance,
  session: Session,
  table: Table,
  body: Record<string, unknown>,
  display: boolean,
): Input {
  const input: Input = { values: new Map(), journals: [], ignored: [] };
  for (const [key, given] of Object.entries(body)) {
    const column = table.columns.get(key);
    if (!column || column.kind === "hidden" || !instance.access.mayField(session.user, table, key, "write")) {
      input.ignored.push(key);
      continue;
    }
    const text = asText(given);
    if (column.kind === "journal" || column.kind === "journalList") {
      const element = column.kind === "journalList" ? "comments" : key;
      if (text !== "") input.journals.push({ element, text });
      continue;
    }
    if (column.calculated) {
      input.ignored.push(key);
      continue;
    }
    const stored = display
      ? fromDisplay(instance, session, table, column, text)
      : fromDatabase(instance, table, column, text);
    if (stored !== undefined) input.values.set(key, stored);
  }
  return input;
}

/** JSON values as Java writes them: an object becomes `{key=value, …}`. */
export function asText(given: unknown): string {
  if (given === null || given === undefined) return "";
  if (typeof given === "string") return given;
  if (Array.isArray(given)) return `[${given.map(asText).join(", ")}]`;
  if (typeof given === "object")
    return `{${Object.entries(given)
      .map(([key, value]) => `${key}=${asText(value)}`)
      .join(", ")}}`;
  return typeof given === "number" || typeof given === "boolean" ? String(given) : "";
}

function fromDatabase(instance: Instance, table: Table, column: Column, text: string): Stored | undefined {
  if (column.choice) {
    const list = instance.choices.list(table, column.element);
    if (list && instance.config.strictChoices) {
      // An empty text does not clear a choice, and a value outside the list is not applied.
      if (text === "") return undefined;
      const known = list.byText.get(text.toLowerCase());
      if (known === undefined || (known !== text && !/^\d/.test(text) && !list.labels.has(text)))
        return known === undefined ? undefined : toStored(column, known);
    }
  }
  if (column.reference === "sys_db_object" && namesItsTarget(column, column.reference))
    return toStored(column, tableNameOf(instance, text));
  if (column.kind === "reference" && column.reference && text !== "" && !isId.test(text))
    return instance.displays.find(column.reference, text) ?? toStored(column, text);
  return toStored(column, text);
}

/** The name of a table that is given by name, label or sys_id. */
function tableNameOf(instance: Instance, given: string): string {
  if (given === "" || instance.dictionary.get(given)) return given;
  const id = isId.test(given) ? given : instance.displays.find("sys_db_object", given);
  const row = id && instance.store.get("SELECT name FROM sys_db_object WHERE sys_id = ?", [id]);
  return row ? String(row.name) : given;
}

function fromDisplay(
  instance: Instance,
  session: Session,
  table: Table,
  column: Column,
  text: string,
): Stored | undefined {
  const { user } = session;
  if (column.choice) {
    const known = instance.choices.list(table, column.element)?.byText.get(text.toLowerCase());
    return known === undefined ? fromDatabase(instance, table, column, text) : toStored(column, known);
  }
  switch (column.kind) {
    case "datetime":
    case "dueDate": {
      if (text === "") return null;
      const local = parseLocal(text, `${user.dateFormat} ${user.timeFormat}`) ?? parseStamp(text);
      return local === undefined ? null : stamp(localToUtc(local, user.timeZone));
    }
    case "date": {
      const day = parseLocal(text, user.dateFormat);
      return day === undefined ? toStored(column, text) : stamp(day).slice(0, 10);
    }
    case "password":
      return text === "" ? null : hashPassword(text);
    case "integer":
      return toStored(column, text.replace(/,/g, ""));
    case "list": {
      const ids = text
        .split(",")
        .map((item) => item.trim())
        .filter(Boolean)
        .map(
          (item) =>
            (column.reference && !isId.test(item) && instance.displays.find(column.reference, item)) || item,
        );
      return toStored(column, ids.join(","));
    }
    default:
      return fromDatabase(instance, table, column, text);
  }
}
