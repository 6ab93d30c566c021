import type { Column } from "../dictionary/model";
import { parseStamp, stamp } from "../clock/time";

/** A value as SQLite holds it. Empty is null, always. */
export type Stored = string | number | null;
/** A record as SQLite holds it, by column. */
export type Row = Record<string, Stored>;

/**
 * A database value as clients write it, in the form it is stored in. Values that make no sense for the type become empty, as
 * ServiceNow does; texts are cut at the column's length.
 */
export function toStored(column: Column, text: string): Stored {
  if (text === "") return null;
  switch (column.kind) {
    case "boolean":
      return /^(true|1|yes|on)$/i.test(text) ? 1 : 0;
    case "integer": {
      const number = Number(text.replace(/,/g, ""));
      return text.trim() !== "" && Number.isFinite(number) && Math.abs(number) < 2 ** 53
        ? Math.trunc(number)
        : null;
    }
    case "decimal":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? text.trim() : null;
    case "currency": {
      const amount = /^(?:[A-Z]{3};)?\$?(-?[\d,]*\.?\d+)$/.exec(text.trim())?.[1];
      return amount === undefined ? null : amount.replace(/,/g, "");
    }
    case "datetime":
    case "dueDate":
    case "time": {
      const time = parseStamp(text);
      return time === undefined ? null : stamp(time);
    }
    case "date": {
      const time = parseStamp(text);
      return time === undefined ? null : stamp(time).slice(0, 10);
    }
    case "duration":
      return storedDuration(text);
    case "journal":
    case "journalList":
    case "hidden":
      return null;
    case "reference":
    case "guid":
    case "document":
      return cut(text, 32);
    default:
      return cut(text, column.maxLength);
  }
}

/** Durations are stored as a date: the epoch and the length. Also taken: `2 08:00:00`, `08:00:00` and plain seconds. */
function storedDuration(text: string): string | null {
  const time = parseStamp(text);
  if (time !== undefined) return stamp(Math.max(0, time));
  const parts = /^(?:(\d{1,6}) )?(\d{1,3}):(\d{2}):(\d{2})$/.exec(text.trim());
  const seconds = parts
    ? Number(parts[1] ?? 0) * 86_400 + Number(parts[2]) * 3600 + Number(parts[3]) * 60 + Number(parts[4])
    : /^\d{1,9}$/.test(text.trim())
      ? Number(text)
      : undefined;
  return seconds === undefined ? null : stamp(seconds * 1000);
}

function cut(text: string, length: number): string {
  return text.length > length ? text.slice(0, length) : text;
}

/** The stored value as the Table API writes it: always text, empty for nothing. */
export function toWire(column: Column, stored: Stored | undefined): string {
  if (stored === null || stored === undefined) return "";
  if (column.kind === "boolean") return stored ? "true" : "false";
  return typeof stored === "number" ? String(stored) : stored;
}
