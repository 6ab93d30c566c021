import type { ServiceNow } from "../../common";
import { columnsOfTable, type Column } from "../../common/schema";

/** All columns of a table, inherited ones included; what a row shows where the dictionary is closed to the account. */
export async function tableColumns(client: ServiceNow, table: string): Promise<Column[]> {
  return (await columnsOfTable(client, table)).columns;
}
