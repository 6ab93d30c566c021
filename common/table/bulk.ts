import { batch, type BatchRequest, type BatchResult } from "../apis/batch";
import type { CallOptions, ServiceNow } from "../client";
import { isServiceNowError, ServiceNowError, usageError } from "../errors";
import { mayRepeat } from "../http/retry";
import { segment, tableName } from "../http/url";
import { formatQuery } from "../query";
import type { Reference } from "./types";
import { sysIdOf, toBody, type WriteValue } from "./values";

/** How many records go into one request, and whether anything is changed at all. */
export interface BulkOptions extends CallOptions {
  /** Records in one request; a batch has 30 seconds on the instance. @default 60 */
  chunk?: number;
  /** Bytes in one request. @default 4 MB */
  maxBytes?: number;
  /** Check the input, and what there is to change, and change nothing. */
  dryRun?: boolean;
}

/** The same for creations. */
export interface BulkCreateOptions extends BulkOptions {
  /**
   * Column with a value of each record's own (`correlation_id`). Records whose value is there already are left as they are,
   * so the same input may be sent again; a batch whose answer was lost is looked up and finished.
   */
  correlation?: string;
}

/** What became of one record; results stand in the order of the input. */
export interface BulkResult {
  /** Place in the input, from 0. */
  index: number;
  /** `existed`: there was a record with its correlation value; `unknown`: the answer was lost and it may have been carried out. */
  outcome: "done" | "existed" | "failed" | "unknown" | "would be done";
  /** sys_id of the record, where it is known. */
  sysId?: string;
  /** Number of the record, where the table has numbers. */
  number?: string;
  /** Why it failed; for `unknown`, why it is not known whether it was carried out. */
  error?: ServiceNowError;
}

/** What became of all records. */
export interface BulkReport {
  /** One a record, in the order of the input. */
  results: BulkResult[];
  /** Records that were created, changed or deleted. */
  done: number;
  /** Records that were there already. */
  existed: number;
  /** Records with the outcome `failed` or `unknown`. */
  failed: number;
  /** HTTP requests made for the changes. */
  requests: number;
}

/** One record of the input, ready to be sent. */
interface Job {
  index: number;
  request: BatchRequest;
  bytes: number;
  key?: string;
}

/** Creates many records in few requests. */
export async function bulkCreate(
  client: ServiceNow,
  table: string,
  rows: ReadonlyArray<Record<string, WriteValue>>,
  options: BulkCreateOptions = {},
): Promise<BulkReport> {
  const name = tableName(table);
  const { correlation } = options;
  const jobs = rows.map((row, index): Job => {
    const body = toBody(row);
    const key = correlation === undefined ? undefined : body[correlation];
    if (correlation !== undefined && !key)
      throw usageError(`Record ${index + 1} has nothing in ${correlation}, the correlation column`);
    const request: BatchRequest = {
      method: "POST",
      path: `/api/now/table/${name}`,
      params: SHORT,
      body,
      doing: `create record ${index + 1} in ${name}`,
    };
    return { index, request, bytes: size(body), ...(key ? { key } : {}) };
  });
  const existing = correlation ? lookUp(client, name, correlation, options) : undefined;
  return run(client, jobs, options, existing);
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
      request: { method: "PATCH", path, params: SHORT, body, doing: `update ${name} ${id}` },
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
    return { index, request: { method: "DELETE", path, doing: `delete ${name} ${id}` }, bytes: 0, key: id };
  });
  if (options.dryRun) return missing(client, name, jobs, options);
  return run(client, jobs, options);
}

/** Enough to say which record it is. */
const SHORT = { sysparm_fields: "sys_id,number", sysparm_exclude_reference_link: true };

/** How often a part is sent again after an answer was lost or records were turned away. */
const TRIES = 2;

type LookUp = (keys: string[]) => Promise<Map<string, { sys_id: string; number?: string }>>;

async function run(
  client: ServiceNow,
  jobs: Job[],
  options: BulkOptions,
  existing?: LookUp,
): Promise<BulkReport> {
  const results: BulkResult[] = jobs.map(({ index }) => ({ index, outcome: "failed" }));
  const settle = (job: Job, result: Omit<BulkResult, "index">): void => {
    results[job.index] = { index: job.index, ...result };
  };
  let requests = 0;
  const skipExisting = async (open: Job[], outcome: "existed" | "done"): Promise<Job[]> => {
    if (!existing) return open;
    const found = await existing(open.map(({ key }) => key ?? ""));
    return open.filter((job) => {
      const made = found.get(job.key ?? "");
      if (made) settle(job, { outcome, ...identity(made) });
      return !made;
    });
  };
  const sendPart = async (part: Job[], tries: number): Promise<void> => {
    let answers: BatchResult[];
    requests++;
    try {
      answers = await batch(
        client,
        part.map(({ request }) => request),
        pick(options),
      );
    } catch (error) {
      if (!isServiceNowError(error) || stopsAll(error)) throw error;
      if (error.unsent || !existing || tries <= 0) {
        for (const job of part) settle(job, { outcome: error.unsent ? "failed" : "unknown", error });
        return;
      }
      // The answer was lost: what was made meanwhile is found by its key, and only the rest is sent again.
      return again(await skipExisting(part, "done"), tries - 1);
    }
    const undone: Job[] = [];
    const turnedAway: { job: Job; error: ServiceNowError }[] = [];
    answers.forEach((answer, place) => {
      const job = part[place] as Job;
      if (answer.outcome === "unserviced") undone.push(job);
      else if (answer.outcome === "ok")
        settle(job, {
          outcome: "done",
          ...identity(resultOf(answer.data) ?? {}),
          ...(job.request.method === "POST" ? {} : { sysId: job.key ?? "" }),
        });
      else if (answer.error && mayRepeat(answer.error, "once")) turnedAway.push({ job, error: answer.error });
      else settle(job, answer.error ? { outcome: "failed", error: answer.error } : { outcome: "failed" });
    });
    // A round that got nothing done will not get better by repeating it.
    if (undone.length === part.length && part.length === 1)
      return settle(part[0] as Job, { outcome: "failed", error: tooSlow(part[0] as Job) });
    await again(undone, tries);
    const [first] = turnedAway;
    if (!first) return;
    // A 429 inside of a batch: its rule or its queue turned the record away before anything was done.
    const wait = tries > 0 && (await client.waitBefore(first.error, TRIES - tries, pick(options)));
    if (wait)
      return again(
        turnedAway.map(({ job }) => job),
        tries - 1,
      );
    for (const { job, error } of turnedAway) settle(job, { outcome: "failed", error });
  };
  const again = async (open: Job[], tries: number): Promise<void> => {
    // Smaller parts, so that they fit into the 30 seconds of a batch.
    const most = Math.max(1, Math.ceil(open.length / 2));
    for (const part of split(open, { ...options, chunk: most })) await sendPart(part, tries);
  };

  const open = await skipExisting(jobs, "existed");
  if (options.dryRun) for (const job of open) settle(job, { outcome: "would be done" });
  else await Promise.all(split(open, options).map((part) => sendPart(part, TRIES)));
  return report(results, requests);
}

/** A dry run of changes: which records are there. */
async function missing(
  client: ServiceNow,
  table: string,
  jobs: Job[],
  options: BulkOptions,
): Promise<BulkReport> {
  const found = await lookUp(client, table, "sys_id", options)(jobs.map(({ key }) => key ?? ""));
  const results = jobs.map(({ index, key = "" }): BulkResult => {
    const row = found.get(key);
    if (row) return { index, outcome: "would be done", ...identity(row) };
    const error = new ServiceNowError({
      kind: "not-found",
      what: `There is no record ${key} in ${table}, or the account may not read it`,
    });
    return { index, outcome: "failed", error };
  });
  return report(results, 0);
}

function lookUp(client: ServiceNow, table: string, column: string, options: CallOptions): LookUp {
  return async (keys) => {
    const found = new Map<string, { sys_id: string; number?: string }>();
    for (let at = 0; at < keys.length; at += 100) {
      const values = keys.slice(at, at + 100);
      // A comma would end the value inside an IN list.
      const plain = values.filter((value) => !value.includes(","));
      const groups = [
        ...(plain.length ? [[[{ field: column, operator: "IN" as const, value: plain.join(",") }]]] : []),
        ...values
          .filter((value) => value.includes(","))
          .map((value) => [[{ field: column, operator: "=" as const, value }]]),
      ];
      const list = client.table(table).rows({
        ...pick(options),
        query: formatQuery({ groups, order: [] }),
        fields: ["sys_id", "number", column],
      });
      for await (const row of list) {
        const { sys_id = "", number } = row as Record<string, string | undefined>;
        found.set(row[column] ?? "", { sys_id, ...(number ? { number } : {}) });
      }
    }
    return found;
  };
}

function split(jobs: Job[], options: BulkOptions): Job[][] {
  const { chunk = 60, maxBytes = 4 * 1024 * 1024 } = options;
  const parts: Job[][] = [];
  let bytes = 0;
  for (const job of jobs) {
    const current = parts[parts.length - 1];
    if (current && current.length < chunk && bytes + job.bytes <= maxBytes) current.push(job);
    else {
      parts.push([job]);
      bytes = 0;
    }
    bytes += job.bytes;
  }
  return parts;
}

/** Bytes of a body inside a batch: base64, and what stands around it. */
function size(body: Record<string, string>): number {
  return Math.ceil(new TextEncoder().encode(JSON.stringify(body)).length / 3) * 4 + 300;
}

function pick({ timeoutMs, deadlineMs, signal, retry }: CallOptions): CallOptions {
  return { timeoutMs, deadlineMs, signal, retry };
}

function resultOf(data: unknown): { sys_id?: string; number?: string } | undefined {
  const result: unknown = typeof data === "object" && data !== null ? Reflect.get(data, "result") : undefined;
  return typeof result === "object" && result !== null ? result : undefined;
}

function identity(row: { sys_id?: string; number?: string }): Pick<BulkResult, "sysId" | "number"> {
  return { ...(row.sys_id ? { sysId: row.sys_id } : {}), ...(row.number ? { number: row.number } : {}) };
}

/** Failures of the sign-in or the address concern every record alike. */
function stopsAll(error: ServiceNowError): boolean {
  return [
    "usage",
    "sign-in",
    "unauthenticated",
    "aborted",
    "hibernating",
    "login-page",
    "not-servicenow",
    "unknown-path",
  ].includes(error.kind);
}

function tooSlow(job: Job): ServiceNowError {
  return new ServiceNowError({
    kind: "cancelled",
    what: `Could not ${job.request.doing ?? "change the record"}: the instance does not get to it within the time of a batch`,
    remedy: "Write this record by itself, or ask why its business rules take so long",
  });
}

function report(results: BulkResult[], requests: number): BulkReport {
  const count = (outcome: BulkResult["outcome"]): number =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    results,
    requests,
    done: count("done"),
    existed: count("existed"),
    failed: count("failed") + count("unknown"),
  };
}
