import { isRecord } from "../../../../components/prop-rules";
import { parseJson } from "./json-text";
import type { Reading } from "./reading";

/** An object while it is edited: rows of texts, or JSON text for values that are not texts. */
export interface ObjectDraft {
  mode: "rows" | "json";
  rows: { name: string; value: string }[];
  json: string;
}

export const blankRow = { name: "", value: "" };

/** What the editor starts with for a default or a stored value. */
export function objectDraft(start: unknown): ObjectDraft {
  let value = start;
  if (typeof value === "string" && value.trim() !== "") {
    const read = parseJson(value);
    if (read.error) return { mode: "json", rows: [], json: value };
    value = read.value;
  }
  if (!isRecord(value) || Object.keys(value).length === 0)
    return Array.isArray(value)
      ? { mode: "json", rows: [], json: JSON.stringify(value, null, 2) }
      : { mode: "rows", rows: [blankRow], json: "" };
  return rowsOf(value) ?? { mode: "json", rows: [], json: JSON.stringify(value, null, 2) };
}

/** An object whose values are all text, as rows; undefined when rows would lose something. */
export function rowsOf(value: Record<string, unknown>): ObjectDraft | undefined {
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) return undefined;
  return { mode: "rows", rows: entries.map(([name, text]) => ({ name, value: text })), json: "" };
}

export function readObjectDraft(draft: ObjectDraft): Reading {
  if (draft.mode === "rows") return readRows(draft.rows);
  if (draft.json.trim() === "") return {};
  const read = parseJson(draft.json);
  if (read.error || isRecord(read.value) || Array.isArray(read.value)) return read;
  return { error: "This must be a JSON object: names and values between { and }." };
}

function readRows(rows: ObjectDraft["rows"]): Reading {
  const value: Record<string, string> = {};
  for (const row of rows) {
    const name = row.name.trim();
    if (name === "") {
      if (row.value !== "")
        return { error: `The value “${row.value}” has no field name. Name the field, or empty the value.` };
      continue;
    }
    if (Object.hasOwn(value, name)) return { error: `“${name}” is there twice. Keep one of the two rows.` };
    value[name] = row.value;
  }
  return Object.keys(value).length === 0 ? {} : { value };
}
