import { batch, type BatchRequest, type BatchResult } from "../apis/batch";
import type { CallOptions, ServiceNow } from "../client";
import { isServiceNowError, ServiceNowError } from "../errors";
import { mayRepeat } from "../http/retry";
import { assertPlainValue, formatQuery, type Condition } from "../query";
import { hiddenByRules } from "./by-key";
import type { BulkOptions, BulkReport, BulkResult } from "./bulk-types";

/** One record of the input, ready to be sent. */
export interface Job {
  /** Its place in the input. */
  index: number;
  /** The call that does it. */
  request: BatchRequest;
  /** Bytes it takes inside a batch, about. */
  bytes: number;
  /** What it is found by: a correlation value, or a sys_id. */
  key?: string;
}

/** How often a part is sent again after an answer was lost or records were turned away. */
const TRIES = 2;

/** Finds records by their keys: which of them are there. */
export type LookUp = (keys: string[]) => Promise<Map<string, { sys_id: string; number?: string }>>;

/**
 * Sends jobs in parts by batches, repeats what the instance did not get to and what surely was not carried out, and says of every
 * job what became of it.
 */
export async function run(
  client: ServiceNow,
  jobs: Job[],
  options: BulkOptions,
  existing?: LookUp,
): Promise<BulkReport> {
  const results: BulkResult[] = [];
  for (const { index } of jobs) results[index] = { index, outcome: "failed" };
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
export async function missing(
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

/** Bytes of an address that the keys of one look-up may take. */
const KEY_BYTES = 5000;

/** How records are looked up. */
interface LookUpOptions extends CallOptions {
  /** Throw `acl` when some are hidden from the account, which then does not know what is there. */
  mustSee?: boolean;
  /** What else must hold of them. */
  condition?: Condition;
}

/** Looks records up by the values of one column, as many at a time as an address holds. */
export function lookUp(
  client: ServiceNow,
  table: string,
  column: string,
  { mustSee = false, condition, ...options }: LookUpOptions,
): LookUp {
  return async (keys) => {
    const found = new Map<string, { sys_id: string; number?: string }>();
    for (const key of keys) assertPlainValue(column, key);
    for (const values of portions(keys, column)) {
      // A comma would end the value inside an IN list.
      const plain = values.filter((value) => !value.includes(","));
      const groups: Condition[][][] = [
        ...(plain.length ? [[[{ field: column, operator: "IN" as const, value: plain.join(",") }]]] : []),
        ...values
          .filter((value) => value.includes(","))
          .map((value) => [[{ field: column, operator: "=" as const, value }]]),
      ];
      if (condition) for (const group of groups) group.push([condition]);
      const { rows, hidden } = await client.table(table).list({
        ...pick(options),
        query: formatQuery({ groups, order: [] }),
        fields: ["sys_id", "number", column],
        max: Infinity,
      });
      if (mustSee && hidden) throw hiddenByRules(table, [column], hidden);
      for (const row of rows) {
        const { sys_id = "", number } = row as Record<string, string | undefined>;
        found.set(row[column] ?? "", { sys_id, ...(number ? { number } : {}) });
      }
    }
    return found;
  };
}

function portions(keys: string[], column: string): string[][] {
  const parts: string[][] = [];
  let bytes = 0;
  for (const key of keys) {
    // With a comma in it a key stands in a condition of its own, behind ^NQ.
    const size = encodeURIComponent(key).length + (key.includes(",") ? column.length + 12 : 1);
    const current = parts.at(-1);
    if (current && current.length < 100 && bytes + size <= KEY_BYTES) {
      current.push(key);
      bytes += size;
    } else {
      parts.push([key]);
      bytes = size;
    }
  }
  return parts;
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
export function size(body: Record<string, string>): number {
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

/** The results with their sums. */
export function report(results: BulkResult[], requests: number): BulkReport {
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
