import { common, isRefusal } from "../http/api-call";
import { valueText } from "../table/cells";
import { where } from "../query/terms";
import { cmdbMeta } from "./cmdb-meta";
import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { isServiceNowError } from "../errors";
import { tableName } from "../http/url";
import { hierarchy } from "./tables";

/** A column of a table. */
export interface Column {
  /** As it stands in queries and bodies. */
  name: string;
  /** As people read it; the name where no label is known. */
  label: string;
  /** ServiceNow's own word: `string`, `integer`, `boolean`, `reference`, `glide_date_time`, `choice`, `journal_input` … */
  type: string;
  /** Table a reference points to; empty for other types. */
  reference: string;
  /** Characters at most; null where it is not known. */
  maxLength: number | null;
  /** The dictionary demands a value. Policies and rules may demand more. */
  mandatory: boolean;
  /** The dictionary refuses writes. Access rules may refuse more. */
  readOnly: boolean;
  /** True for the column that stands for the record in lists and references. */
  display: boolean;
  /** True when it has a list of choices; null when that is not known. */
  hasChoices: boolean | null;
  /** Stored value or script of a new record; empty for none. */
  defaultValue: string;
  /** The table that defines it; `incident` has most of its columns from `task`. */
  table: string;
  /** The dictionary's attributes: `close_states=7;8`. */
  attributes: Record<string, string>;
}

/**
 * Where the columns were learnt:
 * - `dictionary`: everything is known
 * - `cmdb-meta`: the CMDB's own description of a class; without choices
 * - `sample`: one row of the table; names are right, types are guessed, columns hidden from the account are missing
 * - `typed`: the names the caller gave, nothing else
 */
export type ColumnSource = "dictionary" | "cmdb-meta" | "sample" | "typed";

/** The columns of a table, and how they were learnt. */
export interface Columns {
  /** By name. */
  columns: Column[];
  /** How they were learnt. */
  source: ColumnSource;
  /** True when every column of the table is there. */
  complete: boolean;
  /** Why it is not the dictionary, in words that can be sent to an administrator. */
  note?: string;
}

/** What to fall back on. */
export interface ColumnOptions extends CallOptions {
  /** Names the user typed, for when nothing else is open. */
  typed?: readonly string[];
}

/** Columns of `sys_dictionary` that a column is described by. */
export const DICTIONARY_FIELDS = [
  "element",
  "name",
  "column_label",
  "internal_type",
  "reference",
  "max_length",
  "mandatory",
  "read_only",
  "display",
  "choice",
  "default_value",
  "attributes",
] as const;

/**
 * The columns of a table with the inherited ones, by name. Accounts that may not read the dictionary get what can be found out in
 * other ways, and are told which it was.
 *
 * @throws ServiceNowError `invalid-table` when the instance has no such table
 */
export async function columnsOfTable(
  client: ServiceNow,
  table: string,
  options: ColumnOptions = {},
): Promise<Columns> {
  const name = tableName(table);
  const { tables } = await hierarchy(client, name, options);
  const described = await fromDictionary(client, tables, options);
  // A column of every table; an account that sees part of the dictionary does not see it.
  if (described.some((column) => column.name === "sys_id")) {
    return { columns: described, source: "dictionary", complete: true };
  }
  const right = "read access to sys_dictionary (its rows), for example with the role personalize_dictionary";
  const closed = `The dictionary is not open to this account. For exact types ask the administrator for ${right}`;
  if (tables.includes("cmdb") || name.startsWith("cmdb")) {
    const meta = await fromMeta(client, name, options);
    if (meta) return { columns: meta, source: "cmdb-meta", complete: true, note: closed };
  }
  const sample = await fromSample(client, name, options);
  if (sample.length > 0) {
    const columns = merge(sample, described);
    return {
      columns,
      source: "sample",
      complete: false,
      note: `${closed}. Types are guessed from one record`,
    };
  }
  const typed = (options.typed ?? []).map((column) => blank(column, name));
  return {
    columns: merge(typed, described),
    source: "typed",
    complete: false,
    note: `${closed}. The table shows no record either, so column names can only be typed`,
  };
}

async function fromDictionary(client: ServiceNow, tables: string[], options: CallOptions): Promise<Column[]> {
  try {
    const { rows } = await client.table("sys_dictionary").list({
      ...common(options),
      query: where([
        ["name", "IN", tables.join(",")],
        ["element", "ISNOTEMPTY"],
        ["active", "=", "true"],
      ]),
      fields: DICTIONARY_FIELDS,
    });
    const found = definitions(rows, tables);
    if (found.size > 0) await override(client, tables, found, options);
    return sorted([...found.values()]);
  } catch (error) {
    if (isRefusal(error)) return [];
    throw error;
  }
}

type DictionaryRow = Record<(typeof DICTIONARY_FIELDS)[number], string>;

/** The columns that rows of the dictionary define; the child's own definition wins over the one it inherits. */
export function definitions(rows: readonly DictionaryRow[], tables: readonly string[]): Map<string, Column> {
  const found = new Map<string, Column>();
  for (const row of fromTheRoot(rows, tables)) if (row.element) found.set(row.element, toColumn(row));
  return found;
}

/** Rows of the tables of a hierarchy, the furthest ancestor's first. */
function fromTheRoot<R extends { name: string }>(rows: readonly R[], tables: readonly string[]): R[] {
  const depth = (table: string): number => tables.indexOf(table);
  return [...rows].filter(({ name }) => tables.includes(name)).sort((a, b) => depth(b.name) - depth(a.name));
}

function toColumn(row: DictionaryRow): Column {
  const type = valueText(row.internal_type) || "string";
  return {
    name: row.element,
    label: row.column_label || row.element,
    type,
    reference: valueText(row.reference),
    maxLength: row.max_length ? Number(row.max_length) : null,
    mandatory: row.mandatory === "true",
    readOnly: row.read_only === "true",
    display: row.display === "true",
    hasChoices: row.choice !== undefined && row.choice !== "" && row.choice !== "0",
    defaultValue: row.default_value ?? "",
    table: row.name,
    attributes: attributesOf(row.attributes),
  };
}

/** Columns of `sys_dictionary_override` that change a column. */
export const OVERRIDE_FIELDS = [
  "element",
  "name",
  "mandatory_override",
  "mandatory",
  "read_only_override",
  "read_only",
  "default_value_override",
  "default_value",
] as const;

/** Changes the columns as rows of `sys_dictionary_override` say. */
export function applyOverrides(
  rows: readonly Record<(typeof OVERRIDE_FIELDS)[number], string>[],
  tables: readonly string[],
  columns: ReadonlyMap<string, Column>,
): void {
  for (const row of fromTheRoot(rows, tables)) {
    const column = columns.get(row.element);
    if (!column) continue;
    if (row.mandatory_override === "true") column.mandatory = row.mandatory === "true";
    if (row.read_only_override === "true") column.readOnly = row.read_only === "true";
    if (row.default_value_override === "true") column.defaultValue = row.default_value ?? "";
  }
}

/** A child table may change what it inherits (`sys_dictionary_override`); what cannot be read is left as inherited. */
async function override(
  client: ServiceNow,
  tables: string[],
  columns: Map<string, Column>,
  options: CallOptions,
): Promise<void> {
  try {
    const { rows } = await client.table("sys_dictionary_override").list({
      ...common(options),
      query: where([["name", "IN", tables.join(",")]]),
      fields: OVERRIDE_FIELDS,
    });
    applyOverrides(rows, tables, columns);
  } catch (error) {
    if (!isRefusal(error) && !(isServiceNowError(error) && error.kind === "invalid-table")) throw error;
  }
}

async function fromMeta(client: ServiceNow, table: string, options: CallOptions): Promise<Column[] | null> {
  try {
    const meta = await cmdbMeta(client, table, options);
    if (meta.attributes.length === 0) return null;
    return sorted(
      meta.attributes.map((attribute) => ({
        ...blank(attribute.element, table),
        label: attribute.label || attribute.element,
        type: attribute.type || "string",
        maxLength: attribute.maxLength,
        mandatory: attribute.isMandatory,
        readOnly: attribute.isReadOnly,
        display: attribute.isDisplay,
        defaultValue: attribute.defaultValue,
        reference: attribute.reference,
        table: attribute.isInherited ? "" : table,
      })),
    );
  } catch (error) {
    if (isServiceNowError(error) && (isRefusal(error) || (error.status ?? 0) < 500)) return null;
    throw error;
  }
}

async function fromSample(client: ServiceNow, table: string, options: CallOptions): Promise<Column[]> {
  try {
    const { rows } = await client
      .table(table)
      .page({ ...common(options), limit: 1, displayValue: "all", referenceLinks: true, noCount: true });
    const row = rows[0] as Record<string, unknown> | undefined;
    return sorted(Object.entries(row ?? {}).map(([name, cell]) => guessed(name, cell, table)));
  } catch (error) {
    if (isRefusal(error)) return [];
    throw error;
  }
}

function guessed(name: string, cell: unknown, table: string): Column {
  const column = blank(name, table);
  column.readOnly = /^sys_(id|created_|updated_|mod_count|class_name$|domain)/.test(name);
  if (typeof cell !== "object" || cell === null) return column;
  const { value, display_value: shown, link } = cell as Record<string, unknown>;
  const linked = /\/table\/([a-z0-9_]+)\//i.exec(typeof link === "string" ? link : "")?.[1];
  const text = typeof value === "string" ? value : "";
  const choice = typeof shown === "string" && text !== "" && shown !== text;
  if (linked) return { ...column, type: "reference", reference: linked };
  if (/^(true|false)$/.test(text)) return { ...column, type: "boolean" };
  if (/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return { ...column, type: "glide_date_time" };
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { ...column, type: "glide_date" };
  if (/^-?\d+$/.test(text)) {
    const counted = typeof shown === "string" && shown.replaceAll(/[,. ]/g, "") === text;
    return { ...column, type: "integer", hasChoices: choice && !counted };
  }
  return { ...column, hasChoices: choice ? true : null };
}

function blank(name: string, table: string): Column {
  return {
    name,
    label: name,
    type: "string",
    reference: "",
    maxLength: null,
    mandatory: false,
    readOnly: false,
    display: false,
    hasChoices: null,
    defaultValue: "",
    table,
    attributes: {},
  };
}

/** What is known for sure of some columns wins over what is guessed of all. */
function merge(guesses: Column[], known: Column[]): Column[] {
  const all = new Map(guesses.map((column) => [column.name, column]));
  for (const column of known) all.set(column.name, column);
  return sorted([...all.values()]);
}

function sorted(columns: Column[]): Column[] {
  return columns.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function attributesOf(text: string | undefined): Record<string, string> {
  const pairs = (text ?? "").split(",").filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [name.trim(), value.join("=").trim() || "true"];
    }),
  );
}
