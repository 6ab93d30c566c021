import type { Instance } from "../core/instance";
import type { Column, Table } from "../dictionary/model";
import { journalText } from "../records/journal";
import { Serialiser } from "../records/serialise";
import { toWire, type Row, type Stored } from "../store/values";
import { parseStamp, stamp, zoneOffset } from "../clock/time";
import type { Session } from "../core/session";

/**
 * Writes records as the Change Management API does: each column an object of display value and typed value, numbers with a
 * decimal point, dates with a third form. Gives JSON, since `2.0` has no other way into an answer.
 */
export function typedWriter(
  instance: Instance,
  session: Session,
  table: Table,
): (row: Row, extra?: Record<string, unknown>) => string {
  const serialiser = new Serialiser(instance, session, table, {
    displayValue: "all",
    excludeLink: true,
    fields: [],
  });
  const columns = [...table.columns.values()].filter(
    (column) =>
      column.kind !== "hidden" && instance.access.mayField(session.user, table, column.element, "read"),
  );
  const writers = columns.map((column) => {
    const write = valueWriter(instance, session, serialiser, table, column);
    const key = JSON.stringify(column.element);
    return (row: Row) => `${key}:${write(row)}`;
  });
  return (row, extra = {}) => {
    const parts = writers.map((write) => write(row));
    for (const [name, value] of Object.entries(extra))
      parts.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
    return `{${parts.join(",")}}`;
  };
}

/** One record; see `typedWriter`. */
export function typedRecord(
  instance: Instance,
  session: Session,
  table: Table,
  row: Row,
  extra?: Record<string, unknown>,
): string {
  return typedWriter(instance, session, table)(row, extra);
}

function valueWriter(
  instance: Instance,
  session: Session,
  serialiser: Serialiser,
  table: Table,
  column: Column,
): (row: Row) => string {
  const { element } = column;
  const pair = (display: string, value: string): string =>
    `{"display_value":${JSON.stringify(display)},"value":${value}}`;
  switch (column.kind) {
    case "reference":
      return (row) => {
        const id = toWire(column, row[element]);
        const display = id === "" ? "" : instance.displays.of(column.reference ?? "", id);
        return pair(display, JSON.stringify(id));
      };
    case "journal":
    case "journalList":
      return (row) => pair(journalText(instance, session, table, row, element), '""');
    case "boolean":
      return (row) => (row[element] ? pair("true", "true") : pair("false", "false"));
  }
  const display = serialiser.displayer(column, table);
  switch (column.kind) {
    case "integer":
      return (row) => {
        const stored = row[element];
        return pair(display(stored) ?? "", typeof stored === "number" ? `${stored}.0` : '""');
      };
    case "datetime":
    case "dueDate":
    case "date":
      return (row) => {
        const stored = row[element] ?? null;
        return JSON.stringify({
          display_value: display(stored) ?? "",
          value: toWire(column, stored),
          display_value_internal: internal(session, column, stored),
        });
      };
    default:
      return (row) => pair(display(row[element]) ?? "", JSON.stringify(toWire(column, row[element])));
  }
}

/** The user's local time in the form of storage, whatever formats the user chose. */
function internal({ user }: Session, column: Column, stored: Stored): string {
  const time = typeof stored === "string" ? parseStamp(stored) : undefined;
  if (time === undefined) return "";
  return column.kind === "date" ? stamp(time).slice(0, 10) : stamp(time + zoneOffset(user.timeZone, time));
}
