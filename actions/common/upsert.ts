import { formatQuery, type Condition, type ServiceNow } from "../../common";
import { checkQuery, tellingColumns } from "./columns";
import { wrongInput } from "./input";
import type { ResultProps } from "./results";
import { createRecord, updateRecord, type ResultRecord } from "./write";

/**
 * Updates the one record whose key fields have the given values, or creates it. Throws, having written nothing, when a key field has no value, does
 * not exist, or when several records fit. Two steps at the same time can still make two records: only a unique column in the instance prevents that.
 */
export async function upsert(
  client: ServiceNow,
  table: string,
  keys: readonly string[],
  values: Record<string, unknown>,
  props: ResultProps,
): Promise<{ record: ResultRecord; created: boolean }> {
  if (keys.length === 0) throw wrongInput('Key Fields are missing. Example: ["correlation_id"].');
  const clauses: Condition[][] = keys.map((field) => {
    const value = values[field];
    if (value === undefined || value === null || value === "")
      throw wrongInput(
        `Key Fields: "${field}" has no value in Record Data, so nothing identifies the record.`,
      );
    return [{ field, operator: "=", value: String(value) }];
  });
  const query = formatQuery({ groups: [clauses], order: [] });
  await checkQuery(client, table, query);
  const { rows, total } = await client.table(table).page({ query, fields: ["sys_id"], limit: 2 });
  if (rows.length > 1 || (total ?? 0) > 1)
    throw wrongInput(
      `${total ?? "Several"} records of table ${table} have these key fields, so nothing was written. Add a key field that tells them apart.`,
    );
  const write = { table, values, props, telling: await tellingColumns(client, table) };
  const [row] = rows;
  if (row) return { record: await updateRecord(client, row.sys_id, write), created: false };
  return { record: (await createRecord(client, write)).record, created: true };
}
