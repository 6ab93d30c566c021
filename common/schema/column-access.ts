import { common } from "../http/api-call";
import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { columnsOfTable } from "./columns";

/**
 * Whether the table has the column, as far as the account sees. A row tells, since ServiceNow leaves unknown columns out of it; the
 * dictionary where there is none.
 */
export async function hasColumn(
  client: ServiceNow,
  table: string,
  column: string,
  options: CallOptions = {},
): Promise<boolean> {
  const asked = common(options);
  const row = await client.table(table).first({ ...asked, fields: ["sys_id", column] });
  if (row) return column in row;
  return (await columnsOfTable(client, table, asked)).columns.some(({ name }) => name === column);
}
