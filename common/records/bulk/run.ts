import { batch, type BatchRequest, type BatchResult } from "../../http/batch/batch";
import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { isServiceNowError, ServiceNowError } from "../../errors";
import { maybeDone, mayRepeat } from "../../http/retry";
import { valueText } from "../../table/cells";
import { lookUp, type LookUp } from "./lookup";
import type { BulkOptions, BulkReport, BulkResult } from "./types";

/** One record of the input, ready to be sent. */
export interface Job {
  /** Its place in the input. */
  index: number;
  /** The call that does it. */
  request: BatchRequest;
  /** Bytes it takes inside a batch, about. */
  bytes: number;
  /** The key that finds it: a correlation value, or a sys_id. */
  key?: string;
}

interface Refused {
  job: Job;
  error: ServiceNowError;
}

/** How often a part is sent again after an answer was lost or records were refused by a rate limit. */
const TRIES = 2;

/**
 * Sends jobs in parts by batches, repeats what the instance did not serve and what was certainly not carried out, and returns the outcome of
 * every job.
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
  /** The error after which no further part is sent. */
  let stopped: ServiceNowError | undefined;
  const skipExisting = async (open: Job[], outcome: "existed" | "done"): Promise<Job[]> => {
    if (!existing) return open;
    const found = await existing(open.map(({ key }) => key ?? ""));
    return open.filter((job) => {
      const made = found.get(job.key ?? "");
      if (made) settle(job, { outcome, ...identity(made) });
      return !made;
    });
  };
  const failAll = (part: Job[], error: ServiceNowError, outcome: "failed" | "unknown" = "failed"): void => {
    for (const job of part) settle(job, { outcome, error });
  };
  /** Looks for records that may exist although their call failed, or because another client created them at the same time. */
  const lookAgain = async (refused: Refused[]): Promise<void> => {
    for (const { job, error } of refused) {
      settle(job, { outcome: maybeDone(error) && !existing ? "unknown" : "failed", error });
    }
    const jobsOf = (conflict: boolean): Job[] =>
      refused.flatMap(({ job, error }) => ((error.kind === "conflict") === conflict ? [job] : []));
    if (jobsOf(false).length > 0) await skipExisting(jobsOf(false), "done");
    if (jobsOf(true).length > 0) await skipExisting(jobsOf(true), "existed");
  };
  const sendPart = async (part: Job[], tries: number): Promise<void> => {
    let answers: BatchResult[];
    if (stopped) return failAll(part, stopped);
    requests++;
    try {
      answers = await batch(
        client,
        part.map(({ request }) => request),
        pick(options),
      );
    } catch (error) {
      if (!isServiceNowError(error)) throw error;
      if (stopsAll(error)) {
        stopped ??= error;
        if (error.kind !== "aborted") return failAll(part, error);
      }
      if (error.unsent || !existing || tries <= 0 || stopped)
        return failAll(part, error, error.unsent ? "failed" : "unknown");
      // The answer was lost: records that were created are found by their key, and only the rest is sent again.
      return again(await skipExisting(part, "done"), tries - 1);
    }
    const undone: Job[] = [];
    const refusedByLimit: Refused[] = [];
    const doubtful: Refused[] = [];
    answers.forEach((answer, place) => {
      const job = part[place] as Job;
      if (answer.outcome === "unserviced") undone.push(job);
      else if (answer.outcome === "ok")
        settle(job, {
          outcome: "done",
          ...identity(resultOf(answer.data) ?? {}),
          ...recordIn(answer.data, options),
          ...(job.request.method === "POST" ? {} : { sysId: job.key ?? "" }),
        });
      else if (answer.error && mayRepeat(answer.error, "not-idempotent"))
        refusedByLimit.push({ job, error: answer.error });
      else if (answer.error && (maybeDone(answer.error) || answer.error.kind === "conflict"))
        doubtful.push({ job, error: answer.error });
      else settle(job, answer.error ? { outcome: "failed", error: answer.error } : { outcome: "failed" });
    });
    await lookAgain(doubtful);
    // A single record that a whole batch could not serve is not served by a repetition.
    if (undone.length === part.length && part.length === 1)
      return settle(part[0] as Job, { outcome: "failed", error: tooSlow(part[0] as Job) });
    await again(undone, tries);
    const [first] = refusedByLimit;
    if (!first) return;
    // A 429 inside of a batch: a rate limit or a queue refused the record before anything was done.
    const wait = tries > 0 && (await client.waitBefore(first.error, TRIES - tries, pick(options)));
    if (wait)
      return again(
        refusedByLimit.map(({ job }) => job),
        tries - 1,
      );
    for (const { job, error } of refusedByLimit) settle(job, { outcome: "failed", error });
  };
  const again = async (open: Job[], tries: number): Promise<void> => {
    // Smaller parts, so that they fit into the 30 seconds of a batch.
    const most = Math.max(1, Math.ceil(open.length / 2));
    for (const part of split(open, { ...options, chunk: most })) await sendPart(part, tries);
  };

  const open = await skipExisting(jobs, "existed");
  if (options.dryRun) for (const job of open) settle(job, { outcome: "would be done" });
  else await Promise.all(split(open, options).map((part) => sendPart(part, TRIES)));
  // Nothing was done: the error says more than a report.
  if (stopped && results.every(({ outcome }) => outcome === "failed" || outcome === "existed")) throw stopped;
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

/** Bytes of a body inside a batch: base64, and the JSON around it. */
export function size(body: Record<string, string>): number {
  return Math.ceil(new TextEncoder().encode(JSON.stringify(body)).length / 3) * 4 + 300;
}

function pick({ timeoutMs, deadlineMs, signal, retry }: CallOptions): CallOptions {
  return { timeoutMs, deadlineMs, signal, retry };
}

function resultOf(data: unknown): object | undefined {
  const result: unknown = typeof data === "object" && data !== null ? Reflect.get(data, "result") : undefined;
  return typeof result === "object" && result !== null ? result : undefined;
}

function recordIn(data: unknown, { answerFields = [] }: BulkOptions): Pick<BulkResult, "record"> {
  const record = resultOf(data);
  return record && answerFields.length > 0 ? { record: { ...record } } : {};
}

function identity(row: object): Pick<BulkResult, "sysId" | "number"> {
  const [sysId, number] = ["sys_id", "number"].map((name) => valueText(Reflect.get(row, name)));
  return { ...(sysId ? { sysId } : {}), ...(number ? { number } : {}) };
}

/** Failures of the sign-in or the address apply to every record. */
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
    what: `Could not ${job.request.operation ?? "change the record"}: the instance did not finish it within the 30 seconds of a batch`,
    remedy: "Write this record in a call of its own, or find out which of its business rules is slow",
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
