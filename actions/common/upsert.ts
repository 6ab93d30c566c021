import { isServiceNowError, upsert, type ServiceNow, type WriteValue } from "../../common";
import { tableColumns } from "../../apps/servicenow/columns";
import { checkQuery, SUMMARY_FIELDS } from "./columns";
import { plainValue, wrongInput } from "./input";
import type { ResultProps } from "./results";
import { storedValues } from "./stored-values";
import { answerFor, type Written } from "./write-result";

/** A key value of this length may be longer than its column, and is cut then. */
const LONG = 40;

/**
 * Updates the one record whose key fields have the given values, or creates it. Throws, having written nothing, when a key field has no value, does
 * not exist, or when several records fit. Two steps at the same time can still make two records: only a unique column in the instance prevents that.
 */
export async function upsertRecord(
  client: ServiceNow,
  table: string,
  keys: readonly string[],
  given: Record<string, unknown>,
  props: ResultProps,
): Promise<Written & { created: boolean }> {
  if (keys.length === 0) throw wrongInput('Key Fields are missing. Example: ["correlation_id"].');
  const values = { ...given };
  for (const field of keys) {
    // ServiceNow stores texts without the blanks around them, and would not find them with.
    const value = plainValue(given[field]);
    values[field] = typeof value === "string" ? value.trim() : value;
    if (values[field] === undefined || values[field] === null || values[field] === "")
      throw wrongInput(
        `Key Fields: "${field}" has no value in Record Data, so nothing identifies the record.`,
      );
  }
  // An unknown column is dropped from the question, and any record would then seem to be the one.
  await checkQuery(client, table, "", keys);
  await refuseCut(client, table, keys, values);
  const rule = { label: "Record Data", mayBeSubclass: true };
  const stored = await storedValues(client, table, values, Object.keys(values), rule);
  const { options, written } = answerFor(stored, props, SUMMARY_FIELDS);
  try {
    const { record, created } = await upsert(
      client,
      table,
      keys,
      stored as Record<string, WriteValue>,
      options,
    );
    return { ...written(record), created };
  } catch (error) {
    if (!isServiceNowError(error) || error.kind !== "several-matches") throw error;
    throw wrongInput(
      `Several records of table ${table} have these key fields, so nothing was written. Add a key field that tells them apart.`,
    );
  }
}

/** A key that is longer than its column is stored cut, and the next time not found. */
async function refuseCut(
  client: ServiceNow,
  table: string,
  keys: readonly string[],
  values: Record<string, unknown>,
): Promise<void> {
  const long = keys.filter((field) => String(values[field]).length > LONG);
  if (long.length === 0) return;
  const columns = new Map((await tableColumns(client, table)).map((column) => [column.name, column]));
  for (const field of long) {
    const most = columns.get(field)?.maxLength;
    if (most && String(values[field]).length > most)
      throw wrongInput(
        `Key Fields: the value of "${field}" has ${String(values[field]).length} characters and its column holds ${most}, so the record would not be found again.`,
      );
  }
}
