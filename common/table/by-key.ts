import { ServiceNowError } from "../errors";
import { assertPlainValue, formatQuery } from "../query";
import type { Order } from "../query/grammar";
import type { PageOptions, ReadOptions } from "./options";
import type { RawRow } from "./read-page";
import type { DisplayValue, Page } from "./types";

/**
 * Records with these values in these columns, `limit` at most, with the columns asked for. ServiceNow passes over a condition on a column
 * that does not exist or may not be read, and any record then answers; so what is found has to show its key.
 *
 * @throws ServiceNowError `query-rights`, with the columns in `fields`, when it does not; `acl` when what matches is hidden from the account
 */
export async function byKey(
  table: string,
  read: (options: PageOptions<string, DisplayValue, boolean>) => Promise<Page<RawRow>>,
  key: Readonly<Record<string, string>>,
  options: ReadOptions<string, DisplayValue, boolean>,
  limit: number,
  order: Order[] = [],
): Promise<RawRow[]> {
  const columns = Object.keys(key);
  const conditions = columns.map((field) => [
    { field, operator: "=" as const, value: assertPlainValue(field, key[field]!) },
  ]);
  const extra = options.fields ? columns.filter((name) => !options.fields!.includes(name)) : [];
  const { rows, total } = await read({
    ...options,
    query: formatQuery({ groups: [conditions], order }),
    limit,
    ...(options.fields ? { fields: [...options.fields, ...extra] } : {}),
  });
  if (rows.length === 0 && total) throw hiddenByRules(table, columns, total);
  for (const row of rows) checkKey(table, row, columns);
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !extra.includes(name))));
}

/** What is said of records that ServiceNow counts and does not show. */
export function hiddenByRules(table: string, columns: string[], total: number): ServiceNowError {
  return new ServiceNowError({
    kind: "acl",
    what: `${total === 1 ? "A record" : `${total} records`} of ${table} with this ${columns.join(", ")} cannot be read`,
    reason: "Access rules hide what matches from the account",
    remedy: "Ask the administrator for read access to these records",
  });
}

function checkKey(table: string, row: RawRow, columns: string[]): void {
  const missing = columns.filter((name) => isEmpty(row[name]));
  if (missing.length === 0) return;
  throw unknownKey(table, missing);
}

/** What is said of a column that the answer does not show although it was asked about. */
export function unknownKey(table: string, columns: string[]): ServiceNowError {
  return new ServiceNowError({
    kind: "query-rights",
    what: `Records of ${table} cannot be found by ${columns.join(", ")}`,
    reason:
      "The table has no such column, or the account may not read it, so ServiceNow ignores the condition",
    remedy: "Name a column of the table that the account may read",
    fields: columns,
  });
}

function isEmpty(cell: unknown): boolean {
  if (typeof cell !== "object" || cell === null) return !cell;
  const { value, display_value: shown } = cell as { value?: unknown; display_value?: unknown };
  return !value && !shown;
}
