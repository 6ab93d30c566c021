import { isServiceNowError, upsert, type ServiceNow, type WriteValue } from "../../common";
import { checkQuery, tellingColumns } from "./columns";
import { wrongInput } from "./input";
import { resultOptions, type ResultProps } from "./results";
import type { ResultRecord } from "./write";

/**
 * Updates the one record whose key fields have the given values, or creates it. Throws, having written nothing, when a key field has no value, does
 * not exist, or when several records fit. Two steps at the same time can still make two records: only a unique column in the instance prevents that.
 */
export async function upsertRecord(
  client: ServiceNow,
  table: string,
  keys: readonly string[],
  values: Record<string, unknown>,
  props: ResultProps,
): Promise<{ record: ResultRecord; created: boolean }> {
  if (keys.length === 0) throw wrongInput('Key Fields are missing. Example: ["correlation_id"].');
  for (const field of keys) {
    const value = values[field];
    if (value === undefined || value === null || value === "")
      throw wrongInput(
        `Key Fields: "${field}" has no value in Record Data, so nothing identifies the record.`,
      );
  }
  // An unknown column is dropped from the question, and any record would then seem to be the one.
  await checkQuery(client, table, "", keys);
  const options = resultOptions(props, await tellingColumns(client, table));
  try {
    const result = await upsert(client, table, keys, values as Record<string, WriteValue>, options);
    return { ...result, record: result.record as ResultRecord };
  } catch (error) {
    if (!isServiceNowError(error) || error.kind !== "several-matches") throw error;
    throw wrongInput(
      `Several records of table ${table} have these key fields, so nothing was written. Add a key field that tells them apart.`,
    );
  }
}
