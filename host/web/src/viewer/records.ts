import { isRecord } from "../../../../components/prop-rules";
import { cellOf, isBlank } from "./cell";

export type Row = Record<string, unknown>;

/** The records inside a value, with the path that leads to them. */
export interface Records {
  rows: Row[];
  /** The steps from the value to the list: empty when the value is the list itself. */
  path: string[];
}

/** Finds the records in a result: a list of objects, or the longest such list among the result's own fields. */
export function recordsIn(value: unknown): Records | undefined {
  if (isRows(value)) return { rows: value, path: [] };
  if (!isRecord(value)) return undefined;
  let found: Records | undefined;
  for (const [name, inner] of Object.entries(value))
    if (isRows(inner) && inner.length > (found?.rows.length ?? 0)) found = { rows: inner, path: [name] };
  return found;
}

function isRows(value: unknown): value is Row[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

/** Fields by which people know a record, the best first. */
const identifying = ["number", "name", "title", "label", "short_description", "summary", "subject"];
/** Fields that say little to people, shown last. */
const technical = /^(sys_|_|id$)/;

function rankOf(name: string): number {
  const place = identifying.indexOf(name);
  if (place >= 0) return place;
  return technical.test(name) ? 1_000 : 100;
}

/** The fields of one record as people read them: identifying ones first, then those with a value, empty ones last. */
export function fieldsOf(record: Row): [string, unknown][] {
  const emptyRank = 10_000;
  return Object.entries(record)
    .map(([name, value]) => ({
      field: [name, value] as [string, unknown],
      rank: rankOf(name) + (isBlank(value) ? emptyRank : 0),
    }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ field }) => field);
}

/** What people call a record or a value of two forms; empty when nothing says it. */
export function nameOf(value: unknown): string {
  if (!isRecord(value)) return "";
  if ("display_value" in value) return cellOf(value).display;
  const field = identifying.find((name) => name in value && !isBlank(value[name]));
  return field === undefined ? "" : cellOf(value[field]).display;
}

export interface Columns {
  /** Those with a value in at least one row, in the order they are shown. */
  filled: string[];
  empty: string[];
}

/** The fields of all rows: identifying ones first, technical ones last, and apart those that are empty in each row. */
export function columnsOf(rows: Row[]): Columns {
  const isFilled = new Map<string, boolean>();
  for (const row of rows)
    for (const name in row) if (isFilled.get(name) !== true) isFilled.set(name, !isBlank(row[name]));
  const ordered = [...isFilled.keys()].sort((a, b) => rankOf(a) - rankOf(b));
  return {
    filled: ordered.filter((name) => isFilled.get(name)),
    empty: ordered.filter((name) => !isFilled.get(name)),
  };
}

/** Whether any of the first rows holds a value whose display differs from what is stored. */
export function hasDisplayValues(rows: Row[]): boolean {
  return rows.slice(0, 200).some((row) =>
    Object.values(row).some((value) => {
      const { display, stored } = cellOf(value);
      return display !== stored;
    }),
  );
}

const searchTexts = new WeakMap<Row, string>();

/** Everything a row shows or stores, in lower case; read once for each row. */
function searchTextOf(row: Row): string {
  let text = searchTexts.get(row);
  if (text === undefined) {
    text = Object.values(row)
      .map((value) => {
        const { display, stored } = cellOf(value);
        return display === stored ? stored : `${display}\n${stored}`;
      })
      .join("\n")
      .toLowerCase();
    searchTexts.set(row, text);
  }
  return text;
}

/** The rows in which some field holds the words, by display or stored value. */
export function rowsWith(rows: Row[], words: string): { row: Row; at: number }[] {
  const all = rows.map((row, at) => ({ row, at }));
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return all;
  return all.filter(({ row }) => searchTextOf(row).includes(wanted));
}
