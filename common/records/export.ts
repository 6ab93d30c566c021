import type { ServiceNow } from "../client";
import type { ListOptions } from "../table/options";
import type { AnyRow, DisplayValue, ListFacts, Page, ResultRow } from "../table/types";

/**
 * All rows of a table by several readers at once: `client.table(table).pages({ parallel: readers })`.
 *
 * @example for await (const page of exportTable(client, "cmdb_ci", { readers: 4, pageSize: 2000 })) write(page.rows);
 */
export function exportTable<
  F extends string = never,
  D extends DisplayValue = "false",
  Links extends boolean = false,
>(
  client: ServiceNow,
  table: string,
  options: Omit<ListOptions<F, D, Links>, "orderBy" | "max" | "parallel"> & { readers?: number } = {},
): AsyncGenerator<Page<ResultRow<AnyRow, F, D, Links>>, ListFacts> {
  const { readers = 4, ...rest } = options;
  return client.table(table).pages<F, D, Links>({ ...rest, parallel: readers });
}
