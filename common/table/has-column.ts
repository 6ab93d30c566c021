import type { ServiceNow } from "../client";
import { columnsOfTable } from "../schema/columns";

/**
 * Whether the table has the column, as far as the account sees. A row tells, since ServiceNow leaves unknown columns out of it; the
 * dictionary where there is none.
 */
export async function hasColumn(client: ServiceNow, table: string, column: string): Promise<boolean> {
  const row = await client.table(table).first({ fields: ["sys_id", column] });
  if (row) return column in row;
  return (await columnsOfTable(client, table)).columns.some(({ name }) => name === column);
}
