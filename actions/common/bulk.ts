import { isServiceNowError, parseQuery, type ServiceNow } from "../../common";
import { checkQuery } from "./columns";
import { requiredText, wrongInput } from "./input";
import { count } from "./text";
import { createRecord } from "./write";

const MAX_RECORDS = 1000;

/** What became of one record. */
export interface BulkEntry {
  /** Place in the input list, from 0; for records found by a query, in the order read. */
  index: number;
  status: "done" | "existed" | "failed" | "would be done";
  sys_id?: string;
  number?: string;
  error?: string;
}

/** Reads a JSON list of objects. Throws errors that name the entry and never its content. */
export function objectList(value: unknown, label: string, example: string): Record<string, unknown>[] {
  let list: unknown = value;
  if (typeof value === "string") {
    try {
      list = JSON.parse(value);
    } catch {
      throw wrongInput(`${label} is not valid JSON. Write a list of objects such as ${example}.`);
    }
  }
  if (!Array.isArray(list) || list.length === 0)
    throw wrongInput(`${label} must be a list of objects such as ${example}.`);
  if (list.length > MAX_RECORDS)
    throw wrongInput(
      `${label} has ${list.length} entries; at most ${MAX_RECORDS} are taken at a time. Divide the list.`,
    );
  return list.map((entry: unknown, index) => {
    if (
      typeof entry !== "object" ||
      entry === null ||
      Array.isArray(entry) ||
      Object.keys(entry).length === 0
    )
      throw wrongInput(`${label}: entry ${index + 1} is not an object with fields.`);
    return entry as Record<string, unknown>;
  });
}

/** Does the same with every entry, several at a time (the client sets the pace), and keeps the order. */
async function forEach<T>(
  entries: readonly T[],
  one: (entry: T) => Promise<Omit<BulkEntry, "index">>,
): Promise<BulkEntry[]> {
  return Promise.all(
    entries.map(async (entry, index) => {
      try {
        return { index, ...(await one(entry)) };
      } catch (error) {
        // What stops everything must not be reported a thousand times as a failure of one.
        if (isServiceNowError(error) && ["unauthenticated", "sign-in", "invalid-table"].includes(error.kind))
          throw error;
        return {
          index,
          status: "failed" as const,
          error: error instanceof Error ? error.message : String(error),
        };
      }
    }),
  );
}

/** Creates records; those with a correlation id only where it was not used before. */
export async function bulkCreate(
  client: ServiceNow,
  table: string,
  records: readonly Record<string, unknown>[],
  dryRun: boolean,
): Promise<BulkEntry[]> {
  if (dryRun) return records.map((_, index) => ({ index, status: "would be done" as const }));
  return forEach(records, async (values) => {
    const correlation = typeof values.correlation_id === "string" ? values.correlation_id : undefined;
    const { record, existed } = await createRecord(
      client,
      { table, values, props: {}, telling: ["sys_id", "number"] },
      correlation,
    );
    return { status: existed ? "existed" : "done", ...identity(record) };
  });
}

function identity(record: Record<string, unknown>): { sys_id: string; number?: string } {
  const number = String(record.number ?? "");
  return { sys_id: String(record.sys_id ?? ""), ...(number ? { number } : {}) };
}

/** The records that a bulk change is about. Throws when the query is empty or names unknown columns, or when more match than the maximum. */
export async function bulkTargets(
  client: ServiceNow,
  table: string,
  query: unknown,
  maximum: number,
): Promise<{ sys_id: string; number?: string }[]> {
  const text = requiredText(query, "Query", "active=true^assigned_to=");
  const parsed = parseQuery(text);
  if (parsed.groups.some((group) => group.length === 0))
    throw wrongInput("Query: there is no condition in it, so every record of the table would be changed.");
  await checkQuery(client, table, text);
  const list = await client.table(table).list({ query: text, fields: ["sys_id", "number"], max: maximum });
  if (list.stoppedAt === "max" && !list.complete)
    throw wrongInput(
      `${list.total ?? `More than ${maximum}`} records match, and Maximum is ${maximum}. Nothing was changed. Narrow the query or raise Maximum.`,
    );
  return list.rows.map(identity);
}

/** Sets the same values in every target. */
export async function bulkUpdate(
  client: ServiceNow,
  table: string,
  targets: readonly { sys_id: string; number?: string }[],
  values: Record<string, unknown>,
  dryRun: boolean,
): Promise<BulkEntry[]> {
  if (dryRun) return targets.map((target, index) => ({ index, status: "would be done" as const, ...target }));
  return forEach(targets, async (target) => {
    await client.table(table).update(target.sys_id, values as never, { fields: ["sys_id"] });
    return { status: "done", ...target };
  });
}

/** Deletes every target. */
export async function bulkDelete(
  client: ServiceNow,
  table: string,
  targets: readonly { sys_id: string; number?: string }[],
  dryRun: boolean,
): Promise<BulkEntry[]> {
  if (dryRun) return targets.map((target, index) => ({ index, status: "would be done" as const, ...target }));
  return forEach(targets, async (target) => {
    await client.table(table).delete(target.sys_id);
    return { status: "done", ...target };
  });
}

/** `Updated 20 records in table incident; 2 failed`. */
export function bulkSummary(
  report: readonly BulkEntry[],
  verb: string,
  table: string,
  dryRun: boolean,
): string {
  if (dryRun) return `Dry run: ${count(report.length, "record")} of table ${table} would be ${verb}`;
  const of = (status: BulkEntry["status"]) => report.filter((entry) => entry.status === status).length;
  const existed = of("existed") ? `; ${of("existed")} existed already` : "";
  const failed = of("failed") ? `; ${of("failed")} failed` : "";
  return `${count(of("done"), "record")} of table ${table} ${verb}${existed}${failed}`;
}
