import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { usageError } from "../../errors";
import { tableName } from "../../http/url";
import { columnsOfTable } from "../../schema/columns";
import { lookUp, type LookUp } from "../../records/bulk/lookup";
import { hasColumn } from "../../schema/column-access";
import { findOrCreate } from "../../http/idempotent-create";
import { common } from "../../http/api-call";
import { importResult, importRow, importRows, type ImportOptions, type ImportResult } from "./import-set";

type ImportValues = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Puts one row into a staging table unless a row with its value in the correlation column was imported before, and waits for the transform
 * maps. A row whose transform failed is imported again.
 *
 * @param column a column of the staging table whose value is each row's own, such as `u_correlation_id`
 * @returns what the transform maps made of it, now or then
 * @throws ServiceNowError `usage` when the table has no such column or the row no value in it; `partial-failure` as {@link importRow}
 */
export async function importRowWithKey(
  client: ServiceNow,
  staging: string,
  column: string,
  values: ImportValues,
  options: ImportOptions = {},
): Promise<ImportResult & { existed: boolean }> {
  const table = tableName(staging);
  const key = keyOf(values, [column], 0);
  if (!(await hasColumn(client, table, column))) throw noColumn(table, column);
  const { made, existed } = await findOrCreate(
    async () => {
      const row = (await imported(client, table, column, [key], options)).get(key);
      return row ? importResult(client, table, row.sys_id, { ...options, onError: "return" }) : null;
    },
    () => importRow(client, table, values, options),
  );
  return { ...made, existed };
}

/** What became of many rows. */
export interface ImportedWithKey {
  /** sys_id of the import set; empty when there was nothing to import. */
  importSetId: string;
  /** sys_id of the set of import sets; empty likewise. */
  multiImportSetId: string;
  /** How many rows were sent. */
  sent: number;
  /** How many were left out: imported before, or twice in the input. */
  existed: number;
}

/**
 * Puts those of many rows into a staging table that were not imported before, in one request. Rows whose transform failed are imported again.
 *
 * @param column as in {@link importRowWithKey}; the rows may name it by its label
 */
export async function importRowsWithKey(
  client: ServiceNow,
  staging: string,
  column: string,
  rows: readonly ImportValues[],
  options: CallOptions = {},
): Promise<ImportedWithKey> {
  const table = tableName(staging);
  const { columns, complete } = await columnsOfTable(client, table, common(options));
  const known = columns.find(({ name, label }) => name === column || label === column);
  if (!known && (complete || !(await hasColumn(client, table, column)))) throw noColumn(table, column);
  const name = known?.name ?? column;
  const byKey = new Map<string, ImportValues>();
  rows.forEach((row, index) => {
    const key = keyOf(row, [name, known?.label ?? name], index);
    if (!byKey.has(key)) byKey.set(key, row);
  });
  const before = await imported(client, table, name, [...byKey.keys()], options);
  const open = [...byKey].flatMap(([key, row]) => (before.has(key) ? [] : [row]));
  const sent = open.length;
  const ids =
    sent > 0 ? await importRows(client, table, open, options) : { importSetId: "", multiImportSetId: "" };
  return { ...ids, sent, existed: rows.length - sent };
}

/** The rows with these values that were imported, but for those whose transform failed. */
function imported(
  client: ServiceNow,
  table: string,
  column: string,
  keys: string[],
  options: CallOptions,
): ReturnType<LookUp> {
  const condition = { field: "sys_import_state", operator: "!=", value: "error" } as const;
  return lookUp(client, table, column, { ...common(options), mustSee: true, condition })(keys);
}

function keyOf(row: ImportValues, names: string[], index: number): string {
  const key = names.map((name) => String(row[name] ?? "")).find(Boolean);
  if (!key) throw usageError(`Row ${index + 1} has nothing in ${names[0]}, the correlation column`);
  return key;
}

const noColumn = (table: string, column: string) =>
  usageError(
    `${table} has no column ${column}, or the account may not read it`,
    "Name a column of the staging table whose value is each row's own",
  );
