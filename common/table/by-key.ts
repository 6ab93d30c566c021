import { ServiceNowError } from "../errors";
import { formatQuery } from "../query";
import type { Order } from "../query/grammar";
import type { PageOptions, ReadOptions } from "./options";
import type { RawRow } from "./paging";
import type { DisplayValue } from "./types";

/**
 * Records with these values in these columns, `limit` at most, with the columns asked for. ServiceNow passes over a condition on a column
 * that does not exist or may not be read, and any record then answers; so what is found has to show its key.
 *
 * @throws ServiceNowError `query-rights`, with the columns in `fields`, when it does not
 */
export async function byKey(
  table: string,
  read: (options: PageOptions<string, DisplayValue, boolean>) => Promise<RawRow[]>,
  key: Readonly<Record<string, string>>,
  options: ReadOptions<string, DisplayValue, boolean>,
  limit: number,
  order: Order[] = [],
): Promise<RawRow[]> {
  const columns = Object.keys(key);
  const conditions = columns.map((field) => [{ field, operator: "=" as const, value: key[field]! }]);
  const extra = options.fields ? columns.filter((name) => !options.fields!.includes(name)) : [];
  const rows = await read({
    ...options,
    query: formatQuery({ groups: [conditions], order }),
    limit,
    ...(options.fields ? { fields: [...options.fields, ...extra] } : {}),
  });
  for (const row of rows) checkKey(table, row, columns);
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !extra.includes(name))));
}

function checkKey(table: string, row: RawRow, columns: string[]): void {
  const hidden = columns.filter((name) => isEmpty(row[name]));
  if (hidden.length === 0) return;
  throw new ServiceNowError({
    kind: "query-rights",
    what: `Records of ${table} cannot be found by ${hidden.join(", ")}`,
    reason:
      "The table has no such column, or the account may not read it, so ServiceNow ignores the condition",
    remedy: "Name a column of the table that the account may read",
    fields: hidden,
  });
}

function isEmpty(cell: unknown): boolean {
  if (typeof cell !== "object" || cell === null) return !cell;
  const { value, display_value: shown } = cell as { value?: unknown; display_value?: unknown };
  return !value && !shown;
}
