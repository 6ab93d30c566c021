import type { BatchRequest } from "../../http/batch/batch";
import type { ServiceNow } from "../../client";
import { usageError } from "../../errors";
import { segment, tableName, type Params } from "../../http/url";
import { assertCorrelationId } from "../create-with-key";
import { hasColumn } from "../../schema/column-access";
import { lookUp } from "./lookup";
import { unknownKey } from "../../table/by-key";
import { missing, report, run, size, type Job } from "./run";
import type { BulkCreateOptions, BulkOptions, BulkReport, BulkResult } from "./types";
import type { Reference } from "../../table/types";
import { sysIdOf, toBody, type WriteValue } from "../../table/values";

export type * from "./types";

/** Enough to say which record it is, and what was asked for besides. */
const answerParams = ({ answerFields = [] }: BulkOptions): Params => ({
  sysparm_fields: [...new Set(["sys_id", "number", ...answerFields])],
  sysparm_exclude_reference_link: true,
  ...(answerFields.length > 0 ? { sysparm_display_value: "all" } : {}),
});

/** Creates many records in few requests. */
export async function bulkCreate(
  client: ServiceNow,
  table: string,
  rows: ReadonlyArray<Record<string, WriteValue>>,
  options: BulkCreateOptions = {},
): Promise<BulkReport> {
  const name = tableName(table);
  const { correlation } = options;
  // A value that comes twice in the input is made once: the second finds the first.
  const first = new Map<string, number>();
  const twins: [index: number, first: number][] = [];
  const jobs: Job[] = [];
  rows.forEach((row, index) => {
    const body = toBody(row);
    const key = correlation === undefined ? undefined : body[correlation];
    if (correlation !== undefined && !key)
      throw usageError(`Record ${index + 1} has nothing in ${correlation}, the correlation column`);
    if (key !== undefined && correlation === "correlation_id") assertCorrelationId(key);
    const before = key === undefined ? undefined : first.get(key);
    if (before !== undefined) return void twins.push([index, before]);
    if (key !== undefined) first.set(key, index);
    const request: BatchRequest = {
      method: "POST",
      path: `/api/now/table/${name}`,
      params: answerParams(options),
      body,
      operation: `create record ${index + 1} in ${name}`,
    };
    jobs.push({ index, request, bytes: size(body), ...(key ? { key } : {}) });
  });
  if (correlation && correlation !== "sys_id" && !(await hasColumn(client, name, correlation)))
    throw unknownKey(name, [correlation]);
  const existing = correlation ? lookUp(client, name, correlation, { ...options, mustSee: true }) : undefined;
  const { results, requests } = await run(client, jobs, options, existing);
  for (const [index, before] of twins) {
    const made = results[before] as BulkResult;
    results[index] = { ...made, index, outcome: made.outcome.endsWith("done") ? "existed" : made.outcome };
  }
  return report(results, requests);
}

/** Changes many records, each its own values. Records with journal entries are never sent twice blindly. */
export async function bulkUpdate(
  client: ServiceNow,
  table: string,
  changes: ReadonlyArray<{ record: Reference; values: Record<string, WriteValue> }>,
  options: BulkOptions = {},
): Promise<BulkReport> {
  const name = tableName(table);
  const jobs = changes.map(({ record, values }, index): Job => {
    const id = sysIdOf(record);
    const body = toBody(values);
    const path = `/api/now/table/${name}/${segment(id, "sys_id")}`;
    return {
      index,
      request: {
        method: "PATCH",
        path,
        params: answerParams(options),
        body,
        operation: `update ${name} ${id}`,
      },
      bytes: size(body),
      key: id,
    };
  });
  if (options.dryRun) return missing(client, name, jobs, options);
  return run(client, jobs, options);
}

/** Deletes many records. */
export async function bulkDelete(
  client: ServiceNow,
  table: string,
  records: readonly Reference[],
  options: BulkOptions = {},
): Promise<BulkReport> {
  const name = tableName(table);
  const jobs = records.map((record, index): Job => {
    const id = sysIdOf(record);
    const path = `/api/now/table/${name}/${segment(id, "sys_id")}`;
    return {
      index,
      request: { method: "DELETE", path, operation: `delete ${name} ${id}` },
      bytes: 0,
      key: id,
    };
  });
  if (options.dryRun) return missing(client, name, jobs, options);
  return run(client, jobs, options);
}
