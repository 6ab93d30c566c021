import type { Version } from "../../common/change-feed";
import { cell } from "../../common/change-feed";
import { optionOf, textList } from "../../apps/servicenow/input";
import { LABEL_COLUMNS, recordLabel } from "../../apps/servicenow/record-label";
import { textOf } from "../../common/table/cells";

export type Row = Record<string, unknown>;

/** Stored values, display values or both, as the prop says it. */
export type Format = "false" | "true" | "all";

export const FORMATS = [
  { label: "Stored values", value: "false" },
  { label: "Display values", value: "true" },
  { label: "Both", value: "all" },
] as const;

/** The format as the prop says it, by value or label. */
export const asFormat = (format: unknown): Format =>
  optionOf(format, FORMATS, "Response Data Format") ?? "false";

/** How rows are read for a format: display values alone do not tell times and ids. */
export const readFormat = (format: Format): "false" | "all" => (format === "false" ? "false" : "all");

const KEPT = ["sys_id", "sys_created_on", "sys_updated_on", "sys_mod_count"];

/** Columns to ask for: those chosen, and those that name the record in the summary. Undefined: all. */
export function readFields(
  chosen: readonly string[] | undefined,
  more: readonly string[] = [],
): string[] | undefined {
  const fields = textList(chosen);
  if (fields.length === 0) return undefined;
  return [...new Set([...fields, ...KEPT, ...LABEL_COLUMNS, ...more])];
}

const display = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "display_value" in value
    ? (value.display_value ?? "")
    : value;

/** The record as the user wants it: chosen columns (and those every event has), in the chosen form. */
export function shape(row: Row, chosen: readonly string[] | undefined, format: Format): Row {
  const fields = textList(chosen);
  const keep = fields.length > 0 ? new Set([...fields, ...KEPT]) : undefined;
  const entries = Object.entries(row).filter(([name]) => !keep || keep.has(name));
  if (format !== "true") return Object.fromEntries(entries);
  // Ids and times stay as they are stored: other steps work with them.
  return Object.fromEntries(
    entries.map(([name, value]) => [name, KEPT.includes(name) ? cell(row, name) : display(value)]),
  );
}

/** `INC0010023 – Cannot log in`. */
export function label(row: Row): string {
  return recordLabel(Object.fromEntries(Object.entries(row).map(([name]) => [name, cell(row, name)])));
}

/** What a person sees in a cell. */
export function shown(row: Row, column: string): string {
  return textOf(row[column]);
}

export const metaOf = (version: Version, summary: string) => ({ id: version.id, summary, ts: version.ts });
