import {
  assertNarrowing,
  bulkCreate,
  bulkDelete,
  bulkUpdate,
  correlationKey,
  countForChange,
  parseQuery,
  type BulkReport,
  type BulkResult,
  type ServiceNow,
  type WriteValue,
} from "../../common";
import { checkQuery } from "./columns";
import { storedValuesFor } from "./stored-values";
import { requiredText, wrongInput } from "./input";
import { count } from "./text";
import { correlationText } from "./write";
import { textOf } from "../../common/table/cells";

const MAX_RECORDS = 1000;

/** What became of one record. */
export interface BulkEntry {
  /** Place in the input list, from 0; for records found by a query, in the order read. */
  index: number;
  /** `unknown`: the answer was lost, and nothing tells whether it was carried out. */
  status: BulkResult["outcome"];
  sys_id?: string;
  number?: string;
  error?: string;
}

/** What a text says as JSON; undefined where it is none. Lists also come as texts of JSON, one for each entry. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A record to be changed. */
interface Target {
  sys_id: string;
  number?: string;
}

/** Reads a JSON list of objects. Throws errors that name the entry and never its content. */
export function objectList(value: unknown, label: string, example: string): Record<string, unknown>[] {
  let list: unknown = value;
  if (typeof value === "string") {
    list = jsonOf(value);
    if (list === undefined)
      throw wrongInput(`${label} is not valid JSON. Write a list of objects such as ${example}.`);
  }
  if (!Array.isArray(list) || list.length === 0)
    throw wrongInput(`${label} must be a list of objects such as ${example}.`);
  if (list.length > MAX_RECORDS)
    throw wrongInput(
      `${label} has ${list.length} entries; at most ${MAX_RECORDS} are taken at a time. Divide the list.`,
    );
  return list.map((given: unknown, index) => {
    const entry = typeof given === "string" ? jsonOf(given) : given;
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

/** The client's report in the step's words. */
function entries({ results }: BulkReport, targets: readonly Target[] = []): BulkEntry[] {
  return results.map(({ index, outcome, sysId, number, error }) => ({
    index,
    status: outcome,
    ...(sysId ? { sys_id: sysId } : {}),
    ...(number ? { number } : {}),
    ...targets[index],
    ...(error ? { error: error.message } : {}),
  }));
}

const correlationOf = ({ correlation_id: id }: Record<string, unknown>): string => correlationText(id);

/** Creates records, many in one request; those with a correlation id only where it was not used before. */
export async function createMany(
  client: ServiceNow,
  table: string,
  records: readonly Record<string, unknown>[],
  dryRun: boolean,
): Promise<BulkEntry[]> {
  const names = records.flatMap((values) => Object.keys(values));
  const rule = await storedValuesFor(client, table, names, { label: "Records" });
  const stored: Record<string, unknown>[] = [];
  for (const values of records) stored.push(await rule(values));
  const report: BulkEntry[] = [];
  for (const keyed of [true, false]) {
    const places = records.flatMap((values, index) =>
      Boolean(correlationOf(values)) === keyed ? [index] : [],
    );
    if (places.length === 0) continue;
    let rows = places.map((index) => stored[index] as Record<string, WriteValue>);
    let correlation: string | undefined;
    if (keyed) {
      const keyOf = await correlationKey(client, table);
      const keys = await Promise.all(rows.map((values) => keyOf(correlationOf(values))));
      rows = rows.map((values, at) => ({ ...values, ...keys[at]!.marks }));
      correlation = keys[0]?.column;
    }
    const options = { dryRun, ...(correlation ? { correlation } : {}) };
    for (const entry of entries(await bulkCreate(client, table, rows, options))) {
      const index = places[entry.index] ?? entry.index;
      report[index] = { ...entry, index };
    }
  }
  return report;
}

function identity(record: Record<string, unknown>): Target {
  const number = textOf(record.number);
  return { sys_id: textOf(record.sys_id), ...(number ? { number } : {}) };
}

/** The records that a bulk change is about. Throws when the query is empty or names unknown columns, or when more match than the maximum. */
export async function bulkTargets(
  client: ServiceNow,
  table: string,
  query: unknown,
  maximum: number,
): Promise<Target[]> {
  const text = requiredText(query, "Query", "active=true^assigned_to=");
  const parsed = parseQuery(text);
  if (parsed.groups.some((group) => group.length === 0))
    throw wrongInput("Query: there is no condition in it, so every record of the table would be changed.");
  await checkQuery(client, table, text);
  assertNarrowing(parsed);
  await countForChange(client, table, text);
  const list = await client.table(table).list({ query: text, fields: ["sys_id", "number"], max: maximum });
  if (list.stoppedAt === "max" && !list.complete)
    throw wrongInput(
      `${list.total ?? `More than ${maximum}`} records match, and Maximum is ${maximum}. Nothing was changed. Narrow the query or raise Maximum.`,
    );
  return list.rows.map(identity);
}

const wouldBeDone = (targets: readonly Target[]): BulkEntry[] =>
  targets.map((target, index) => ({ index, status: "would be done", ...target }));

/** Sets the same values in every target. */
export async function updateMany(
  client: ServiceNow,
  table: string,
  targets: readonly Target[],
  values: Record<string, unknown>,
  dryRun: boolean,
): Promise<BulkEntry[]> {
  if (dryRun) return wouldBeDone(targets);
  const changes = targets.map((record) => ({ record, values: values as Record<string, WriteValue> }));
  return entries(await bulkUpdate(client, table, changes), targets);
}

/** Deletes every target. */
export async function deleteMany(
  client: ServiceNow,
  table: string,
  targets: readonly Target[],
  dryRun: boolean,
): Promise<BulkEntry[]> {
  return dryRun ? wouldBeDone(targets) : entries(await bulkDelete(client, table, targets), targets);
}

/** `Updated 20 records in table incident; 2 failed`. */
export function bulkSummary(
  report: readonly BulkEntry[],
  done: string,
  table: string,
  dryRun: boolean,
): string {
  if (dryRun) return `Dry run: ${count(report.length, "record")} of table ${table} would be ${done}`;
  const of = (status: BulkEntry["status"]) => report.filter((entry) => entry.status === status).length;
  const existed = of("existed") ? `; ${of("existed")} existed already` : "";
  const failed = of("failed") ? `; ${of("failed")} failed` : "";
  const unknown = of("unknown") ? `; of ${of("unknown")} the answer was lost` : "";
  return `${count(of("done"), "record")} of table ${table} ${done}${existed}${failed}${unknown}`;
}
