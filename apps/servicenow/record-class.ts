import { formatQuery, isServiceNowError, type ServiceNow } from "../../common";
import { isSysId } from "../../common/sys-id";

/**
 * The class of a record that is given by sys_id, number or name: `sc_task` for a task, `cmdb_ci_linux_server` for a configuration item. The table
 * itself while nothing is given, and where the record cannot be found: the action that runs later says so in words.
 */
export async function recordClass(client: ServiceNow, table: string, record: unknown): Promise<string> {
  const text = typeof record === "string" ? record.trim() : "";
  if (!table || !text || text.includes("^")) return table;
  const column = isSysId(text) ? "sys_id" : table === "cmdb_ci" ? "name" : "number";
  try {
    const row = await client.table(table).first({
      query: formatQuery({ groups: [[[{ field: column, operator: "=", value: text }]]], order: [] }),
      fields: ["sys_class_name"],
    });
    return row?.sys_class_name || table;
  } catch (error) {
    if (isServiceNowError(error)) return table;
    throw error;
  }
}
