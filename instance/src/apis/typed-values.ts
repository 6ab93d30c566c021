import type { Instance, Session } from "../core";
import type { Column, Table } from "../dictionary/model";
import { journalText } from "../records/journal";
import { Serialiser } from "../records/serialise";
import { toWire, type Row, type Stored } from "../store/values";
import { parseStamp, stamp, zoneOffset } from "../time";

/**
 * A record as the Change Management API writes it: each column an object of display value and typed value, numbers with a
 * decimal point, dates with a third form. Returns JSON, since `2.0` has no other way into an answer.
 */
export function typedRecord(
  instance: Instance,
  session: Session,
  table: Table,
  row: Row,
  extra?: Record<string, unknown>,
): string {
  const serialiser = new Serialiser(instance, session, table, { displayValue: "all", excludeLink: true });
  const parts: string[] = [];
  for (const column of table.columns.values()) {
    const { element } = column;
    if (column.kind === "hidden" || !instance.access.mayField(session.user, table, element, "read")) continue;
    parts.push(`${JSON.stringify(element)}:${typedValue(instance, session, serialiser, table, column, row)}`);
  }
  for (const [name, value] of Object.entries(extra ?? {}))
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${parts.join(",")}}`;
}

function typedValue(
  instance: Instance,
  session: Session,
  serialiser: Serialiser,
  table: Table,
  column: Column,
  row: Row,
): string {
  const stored = row[column.element] ?? null;
  const pair = (display: string, value: string): string =>
    `{"display_value":${JSON.stringify(display)},"value":${value}}`;
  switch (column.kind) {
    case "reference": {
      const id = toWire(column, stored);
      const display = id === "" ? "" : instance.displays.of(column.reference ?? "", id);
      return pair(display, JSON.stringify(id));
    }
    case "journal":
    case "journalList":
      return pair(journalText(instance, session, table, row, column.element), '""');
    case "boolean":
      return pair(stored ? "true" : "false", stored ? "true" : "false");
  }
  const display = serialiser.displayer(column, table)(stored) ?? "";
  switch (column.kind) {
    case "integer":
      return pair(display, typeof stored === "number" ? `${stored}.0` : '""');
    case "datetime":
    case "dueDate":
    case "date":
      return `{"display_value":${JSON.stringify(display)},"value":${JSON.stringify(toWire(column, stored))},"display_value_internal":${JSON.stringify(internal(session, column, stored))}}`;
    default:
      return pair(display, JSON.stringify(toWire(column, stored)));
  }
}

/** The user's local time in the form of storage, whatever formats the user chose. */
function internal({ user }: Session, column: Column, stored: Stored): string {
  const time = typeof stored === "string" ? parseStamp(stored) : undefined;
  if (time === undefined) return "";
  return column.kind === "date" ? stamp(time).slice(0, 10) : stamp(time + zoneOffset(user.timeZone, time));
}
