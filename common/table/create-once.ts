import type { ServiceNow } from "../client";
import { isServiceNowError, usageError } from "../errors";
import { hasColumn } from "./has-column";
import type { ReadOptions, WriteOptions } from "./options";
import { ownSysId } from "./own-sys-id";
import type { AnyRow, DisplayValue, ResultRow } from "./types";
import type { WriteValue } from "./values";

/** A record that is there once, however often its creation is asked for. */
export interface CreatedOnce<R> {
  /** As the instance made it, or as it is now when it was there already. */
  record: R;
  /** False when it had been created before. */
  created: boolean;
  /** False when the instance kept nothing to know it by: the same call would then create another. */
  repeatable: boolean;
}

/** By which column a creation is known, and what stands in it. */
export interface CorrelationKey {
  /** `sys_id` where the table has no `correlation_id`. */
  column: "correlation_id" | "sys_id";
  /** The correlation id itself, or the sys_id that it makes. */
  value: string;
}

/**
 * Creates a record under a text that belongs to this creation alone, such as the id of the event behind it. A record that was created under
 * it before is given back. The text is kept in `correlation_id`; where a table has no such column it makes the sys_id.
 *
 * @throws ServiceNowError `acl` when a record with this text exists and the account may not read it; nothing is created then
 */
export async function createOnce<F extends string = never, D extends DisplayValue = "false">(
  client: ServiceNow,
  table: string,
  correlationId: string,
  values: Record<string, WriteValue>,
  options: WriteOptions<F, D, false> = {},
): Promise<CreatedOnce<ResultRow<AnyRow, F, D>>> {
  const records = client.table(table);
  const reading: ReadOptions<F, D, false> = options;
  assertCorrelationId(correlationId);
  const { key, made } = await madeBefore(client, table, correlationId, reading);
  if (made) return { record: made, created: false, repeatable: true };
  const record = await records.create<F, D>(
    { ...values, correlation_id: correlationId, [key.column]: key.value },
    { ...options, correlation: key.column },
  );
  return { record, created: true, repeatable: await isKept(client, table, key) };
}

/**
 * How creations of a table are known: by `correlation_id`, or where the table has no such column that the account may read, by sys_id.
 * @returns for one correlation id the column and what stands in it
 */
export async function correlationKey(
  client: ServiceNow,
  table: string,
): Promise<(correlationId: string) => Promise<CorrelationKey>> {
  const isThere = await hasColumn(client, table, "correlation_id");
  return async (correlationId) =>
    assertCorrelationId(correlationId) && isThere
      ? { column: "correlation_id", value: correlationId }
      : { column: "sys_id", value: await ownSysId(table, correlationId) };
}

/** Length of `correlation_id`; what is longer is cut without a word, and never found again. */
const LONGEST = 100;

/** Refuses a correlation id that would not be found again. @throws ServiceNowError `usage` */
export function assertCorrelationId(correlationId: string): string {
  if (correlationId.length > LONGEST)
    throw usageError(
      `The correlation id has ${correlationId.length} characters, and ${LONGEST} are kept`,
      "Give a shorter one, such as its hash",
    );
  if (correlationId.includes("^"))
    throw usageError("A correlation id cannot have ^ in it", "Replace the sign by another");
  if (!correlationId.trim()) throw usageError("The correlation id is empty");
  return correlationId;
}

async function madeBefore<F extends string, D extends DisplayValue>(
  client: ServiceNow,
  table: string,
  correlationId: string,
  options: ReadOptions<F, D, false>,
): Promise<{ key: CorrelationKey; made: ResultRow<AnyRow, F, D> | null }> {
  const records = client.table(table);
  const found = await records.firstMade<F, D>("correlation_id", correlationId, options).catch((error) => {
    // No such column: every record answered.
    if (isServiceNowError(error) && error.kind === "query-rights") return null;
    throw error;
  });
  if (found) return { key: { column: "correlation_id", value: correlationId }, made: found };
  const key = await (await correlationKey(client, table))(correlationId);
  if (key.column === "correlation_id") return { key, made: null };
  return { key, made: await records.firstMade<F, D>(key.column, key.value, options) };
}

/** An instance may let administrators alone choose sys_ids, and gives one of its own then. */
async function isKept(
  client: ServiceNow,
  table: string,
  { column, value }: CorrelationKey,
): Promise<boolean> {
  if (column === "correlation_id") return true;
  try {
    return (await client.table(table).firstMade(column, value, { fields: ["sys_id"] })) !== null;
  } catch (error) {
    if (isServiceNowError(error)) return false;
    throw error;
  }
}
