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
import type { Warnings } from "./report";
import { count } from "./text";
import { correlationText } from "./write";
import { textOf } from "../../common/table/cells";
import { writeWarnings } from "./write-result";

const MAX_RECORDS = 1000;

/** What a bulk step did, and what of it went otherwise than asked. */
export interface BulkDone {
  report: BulkEntry[];
  warnings: Warnings;
}

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

/** What the instance did not take over, each told once with the number of records it is true of. */
function bulkWarnings(
  results: readonly BulkResult[],
  valuesOf: (index: number) => Record<string, unknown>,
): Warnings {
  const counts = new Map<string, number>();
  for (const { index, record } of results)
    for (const warning of record ? writeWarnings(valuesOf(index), record) : [])
      counts.set(warning, (counts.get(warning) ?? 0) + 1);
  const told = [...counts]
    .slice(0, MOST_WARNINGS)
    .map(([text, times]) => `${count(times, "record")}: ${text}`);
  const left = counts.size - told.length;
  return left > 0 ? [...told, `${left} further kinds of such differences are left out here.`] : told;
}

const MOST_WARNINGS = 10;

/** A correlation id finds its place on any table, whether or not that has the column. */
const withoutCorrelation = ({ correlation_id: _, ...values }: Record<string, unknown>) => values;

const correlationOf = ({ correlation_id: id }: Record<string, unknown>): string => correlationText(id);

/** Creates records, many in one request; those with a correlation id only where it was not used before. */
export async function createMany(
  client: ServiceNow,
  table: string,
  records: readonly Record<string, unknown>[],
  dryRun: boolean,
): Promise<BulkDone> {
  const names = records.flatMap((values) => Object.keys(values));
  const rule = await storedValuesFor(client, table, names, { label: "Records" });
  const stored: Record<string, unknown>[] = [];
  for (const values of records) stored.push(await rule(values));
  const report: BulkEntry[] = [];
  const answered: BulkResult[] = [];
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
    const options = {
      dryRun,
      answerFields: [...new Set(names)],
      ...(correlation ? { correlation } : {}),
    };
    const done = await bulkCreate(client, table, rows, options);
    for (const entry of entries(done)) {
      const index = places[entry.index] ?? entry.index;
      report[index] = { ...entry, index };
    }
    answered.push(
      ...done.results.map((result) => ({ ...result, index: places[result.index] ?? result.index })),
    );
  }
  return { report, warnings: bulkWarnings(answered, (index) => withoutCorrelation(stored[index] ?? {})) };
}

function identity(record: Record<string, unknown>): Target {
  const number = textOf(record.number);
  return { sys_id: textOf(record.sys_id), ...(number ? { number } : {}) };
}

/** The records that a bulk change is about, and how many the table has. */
export interface BulkTargets {
  records: Target[];
  total: number;
}

/**
 * The records that a bulk change is about. Throws when the query is empty or names unknown columns, when ServiceNow does not take a condition
 * into account, or when more records match than may be changed.
 */
export async function bulkTargets(
  client: ServiceNow,
  table: string,
  query: unknown,
  maxRecords: number,
): Promise<BulkTargets> {
  const text = requiredText(query, "Query", "active=true^assigned_to=");
  const parsed = parseQuery(text);
  if (parsed.groups.some((group) => group.length === 0))
    throw wrongInput("Query: there is no condition in it, so every record of the table would be changed.");
  await checkQuery(client, table, text);
  assertNarrowing(parsed);
  const { matching, total } = await countForChange(client, table, text);
  if (matching > maxRecords) throw tooMany(matching, table, maxRecords);
  const list = await client.table(table).list({ query: text, fields: ["sys_id", "number"], max: maxRecords });
  // More have come since they were counted.
  if (list.stoppedAt === "max" && !list.complete)
    throw tooMany(list.total ?? maxRecords + 1, table, maxRecords);
  return { records: list.rows.map(identity), total };
}

const tooMany = (matching: number, table: string, maxRecords: number): Error =>
  wrongInput(
    `${matching} records of table ${table} match, and Max Records is ${maxRecords}. Nothing was changed. Narrow the query, or raise Max Records to change all of them.`,
  );

/** `4 of the 27 records of table problem will be deleted`: told before anything is changed. */
export const bulkPlan = ({ records, total }: BulkTargets, table: string, done: string): string =>
  `${records.length} of the ${count(total, "record")} of table ${table} will be ${done}`;

const wouldBeDone = (targets: readonly Target[]): BulkEntry[] =>
  targets.map((target, index) => ({ index, status: "would be done", ...target }));

/** Sets the same values in every target. */
export async function updateMany(
  client: ServiceNow,
  table: string,
  targets: readonly Target[],
  values: Record<string, unknown>,
  dryRun: boolean,
): Promise<BulkDone> {
  if (dryRun) return { report: wouldBeDone(targets), warnings: [] };
  const changes = targets.map((record) => ({ record, values: values as Record<string, WriteValue> }));
  const done = await bulkUpdate(client, table, changes, { answerFields: Object.keys(values) });
  return { report: entries(done, targets), warnings: bulkWarnings(done.results, () => values) };
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

/** `20 records of table incident updated; 2 failed`; for a dry run, what would happen, and of how many. */
export function bulkSummary(
  report: readonly BulkEntry[],
  done: string,
  table: string,
  dryRun: boolean,
  total?: number,
): string {
  if (dryRun) {
    const which =
      total === undefined
        ? `${count(report.length, "record")} of table ${table}`
        : `${report.length} of the ${count(total, "record")} of table ${table}`;
    return `Dry run: ${which} would be ${done}`;
  }
  const of = (status: BulkEntry["status"]) => report.filter((entry) => entry.status === status).length;
  const existed = of("existed") ? `; ${of("existed")} existed already` : "";
  const failed = of("failed") ? `; ${of("failed")} failed` : "";
  const unknown = of("unknown") ? `; of ${of("unknown")} the answer was lost` : "";
  return `${count(of("done"), "record")} of table ${table} ${done}${existed}${failed}${unknown}`;
}
