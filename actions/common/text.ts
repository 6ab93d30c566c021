import { textOf, valueText } from "../../common/table/cells";

/** The stored value of a field, in whichever shape it came. */
export function fieldValue(field: unknown): string {
  return valueText(field) || textOf(field);
}

/** What people call a record: its number, its name, or its sys_id. */
export function recordName(record: object, fallback = ""): string {
  const fields = record as Record<string, unknown>;
  for (const column of ["number", "name", "title", "label", "user_name", "file_name", "sys_id"]) {
    const text = textOf(fields[column]);
    if (text) return text;
  }
  return fallback;
}

/** `1 record`, `2 records`, `1 entry`, `2 entries`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? singular : plural}`;
}

/** The end of a summary that names columns which are in no answer; empty when there are none. */
export const noColumns = (columns: readonly string[]): string =>
  columns.length > 0 ? `; the account sees no column ${[...new Set(columns)].join(", ")} in this table` : "";
