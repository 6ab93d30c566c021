import { usageError } from "../errors";
import type { Reference } from "./types";

/** The sys_id in a reference: a plain id, `{ value }`, or a whole record. The object is not changed. */
export function sysIdOf(reference: Reference, what = "sys_id"): string {
  if (typeof reference === "string") {
    if (!reference.trim()) throw usageError(`The ${what} is empty`);
    return reference.trim();
  }
  const value: unknown = Reflect.get(Object(reference), "sys_id") ?? Reflect.get(Object(reference), "value");
  if (typeof value === "string" || (typeof value === "object" && value !== null)) {
    return sysIdOf(value as Reference, what);
  }
  throw usageError(`The ${what} is neither an id nor a record`, "Give a sys_id, a record or { value }");
}

/** A value as a write takes it. */
export type WriteValue = string | number | boolean | Date | null | undefined | Reference;

/**
 * The body of a write. Records and `{ value }` become their sys_id (ServiceNow would store the first 32 characters of the
 * object's text), dates become UTC, null becomes empty, undefined is left out. The caller's object is not changed.
 */
export function toBody(values: Record<string, WriteValue>): Record<string, string> {
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw usageError("The values of the record are not an object", 'Give { "short_description": "…" }');
  }
  const body: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (!/^[a-z_][a-z0-9_]*$/i.test(name))
      throw usageError(`"${name}" is not a column name`, undefined, [name]);
    body[name] = toText(name, value);
  }
  return body;
}

function toText(name: string, value: Exclude<WriteValue, undefined>): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Date) return utc(value);
  if (Array.isArray(value)) return value.map((item) => toText(name, item as WriteValue & object)).join(",");
  return sysIdOf(value, `value of ${name}`);
}

/** `YYYY-MM-DD HH:MM:SS` in UTC, as ServiceNow stores it. */
export function utc(date: Date): string {
  if (Number.isNaN(date.getTime())) throw usageError("The date is not valid");
  return date.toISOString().slice(0, 19).replace("T", " ");
}

/** The database value of a cell of any display mode, where it holds one. */
export function valueOf(cell: unknown): string | undefined {
  if (typeof cell === "string") return cell;
  const value: unknown = typeof cell === "object" && cell !== null ? Reflect.get(cell, "value") : undefined;
  return typeof value === "string" ? value : undefined;
}
