import { common } from "../http/api-call";
import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { isServiceNowError, usageError } from "../errors";
import { hasColumn } from "../schema/column-access";
import type { ReadOptions, WriteOptions } from "../table/options";
import { createIdempotently } from "../http/idempotent-create";
import { sysIdFromKey } from "../sys-id";
import type { Table } from "../table/table";
import type { AnyRow, DisplayValue, ResultRow } from "../table/types";
import { valueOf, type WriteValue } from "../table/values";

/** A record that is there once, however often its creation is asked for. */
export interface CreatedWithKey<R> {
  /** As the instance made it, or as it is now when it was there already. */
  record: R;
  /** False when it had been created before. */
  created: boolean;
  /** False when the instance kept nothing to know it by: the same call would then create another. */
  repeatable: boolean;
}

/** What a creation is known by. */
export interface CorrelationKey {
  /** The column that it is looked for in: `sys_id` where the table has no `correlation_id`. */
  column: "correlation_id" | "sys_id";
  /** What stands in it: the correlation id itself, or the sys_id. */
  value: string;
  /** The columns that mark the record. The sys_id made of the correlation id keeps two creations at the same time from making two records. */
  marks: { correlation_id: string; sys_id: string };
}

/**
 * Creates a record under a text that belongs to this creation alone, such as the id of the event behind it. A record that was created under
 * it before is given back. The text is kept in `correlation_id`, which is told apart by case, and makes the sys_id.
 *
 * @throws ServiceNowError `acl` when a record with this text exists and the account may not read it; nothing is created then
 */
export async function createWithKey<F extends string = never, D extends DisplayValue = "false">(
  client: ServiceNow,
  table: string,
  correlationId: string,
  values: Record<string, WriteValue>,
  options: WriteOptions<F, D, false> = {},
): Promise<CreatedWithKey<ResultRow<AnyRow, F, D>>> {
  const records = client.table(table);
  const reading: ReadOptions<F, D, false> = options;
  const id = assertCorrelationId(correlationId);
  const made = (record: ResultRow<AnyRow, F, D>) => ({ record, created: false, repeatable: true });
  // Without the column every record answers; where it is hidden from the account, it still says whether another system made the record.
  const marked = await records.firstMade<F, D>("correlation_id", id, reading).catch((error: unknown) => {
    if (isServiceNowError(error) && error.kind === "query-rights") return null;
    throw error;
  });
  if (marked) return made(marked);
  const { column, marks } = await (await correlationKey(client, table, options))(id);
  const find = () => records.firstMade<F, D>("sys_id", marks.sys_id, reading);
  const own = column === "sys_id" ? await find() : null;
  if (own) return made(own);
  const record = await createIdempotently(
    () => records.create<F, D>({ ...values, ...marks }, options),
    async () =>
      (column === "correlation_id" ? await records.firstMade<F, D>(column, id, reading) : null) ?? find(),
  );
  // An instance may let administrators alone choose sys_ids, and gives one of its own then.
  const repeatable = column === "correlation_id" || (await isThere(records, marks.sys_id, record, options));
  return { record, created: true, repeatable };
}

/** How creations of a table are known: by `correlation_id`, or where the table has no such column that the account may read, by sys_id. */
export async function correlationKey(
  client: ServiceNow,
  table: string,
  options: CallOptions = {},
): Promise<(correlationId: string) => Promise<CorrelationKey>> {
  const known = await hasColumn(client, table, "correlation_id", options);
  return async (correlationId) => {
    const id = assertCorrelationId(correlationId);
    const sysId = await sysIdFromKey(table, id);
    const marks = { correlation_id: id, sys_id: sysId };
    return known ? { column: "correlation_id", value: id, marks } : { column: "sys_id", value: sysId, marks };
  };
}

/** Length of `correlation_id`; what is longer is cut without a word, and never found again. */
const LONGEST = 100;

/** Refuses a correlation id that would not be found again. @throws ServiceNowError `usage` */
export function assertCorrelationId(correlationId: string): string {
  if (typeof correlationId !== "string") throw usageError("A correlation id is a text");
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

/** Whether the record has the sys_id; it is looked for where the answer does not show it. */
async function isThere(
  records: Table,
  sysId: string,
  record: Record<string, unknown>,
  options: CallOptions,
): Promise<boolean> {
  const shown = valueOf(record["sys_id"]);
  if (shown !== undefined) return shown === sysId;
  try {
    return (await records.firstMade("sys_id", sysId, { ...common(options), fields: ["sys_id"] })) !== null;
  } catch (error) {
    if (isServiceNowError(error)) return false;
    throw error;
  }
}
