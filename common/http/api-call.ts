import type { CallOptions, RequestOptions, Requester } from "./requester";
import { isServiceNowError, ServiceNowError } from "../errors";
import type { Answer } from "./call-types";
import { deleteWithRetry } from "./delete-with-retry";
import { segment } from "./url";

/** A call of one API, with what must be there for it. */
export interface ApiCall extends RequestOptions {
  /** What brings the API to an instance, said when the instance does not know it: `the plugin Service Catalog`. */
  needs?: string;
}

/**
 * Sends one call of an API and gives its whole answer.
 *
 * @throws ServiceNowError; `unknown-path` names the plugin or the setting that is missing
 */
export async function send<T>(client: Requester, call: ApiCall): Promise<Answer<T>> {
  const { needs, ...request } = call;
  try {
    return await client.request<T>(request);
  } catch (error) {
    if (needs && isServiceNowError(error) && error.kind === "unknown-path") {
      throw new ServiceNowError({
        ...facts(error),
        kind: error.kind,
        what: `Could not ${call.operation ?? `${call.method ?? "GET"} ${call.path}`}: this instance does not have this API`,
        reason: `It comes with ${needs}`,
        remedy: "Ask the administrator whether it is installed and active, and not switched off for REST",
      });
    }
    throw error;
  }
}

/** Sends a deletion of an API. @throws ServiceNowError `not-found` when there was nothing to delete */
export async function sendDelete(
  client: Requester,
  call: Omit<ApiCall, "method" | "onRetry">,
): Promise<void> {
  await deleteWithRetry((watch) => send(client, { ...call, ...watch }));
}

/** What stands in the `result` of an API's answer. */
export async function resultOf<T>(client: Requester, call: ApiCall): Promise<T> {
  const answer = await send<{ result?: T } | null>(client, call);
  const result = answer.data?.result;
  if (result === undefined || result === null) {
    throw new ServiceNowError({
      kind: "not-servicenow",
      what: `Could not ${call.operation ?? "read the answer"}: the answer has no result`,
      reason: "Another API than the one asked for answered",
      remedy: "Check the instance address",
      status: answer.status,
      path: call.path,
    });
  }
  return result;
}

/** Joins parts of a path, each encoded: `path("/api/now/attachment", id, "file")`. */
export function path(base: string, ...parts: string[]): string {
  return [base, ...parts.map((part) => segment(part, "part of the address"))].join("/");
}

/** The options that every call takes, picked out of an API's own. */
export function common(options: CallOptions): CallOptions {
  const { timeoutMs, deadlineMs, signal, retry, params } = options;
  const picked: CallOptions = {};
  if (timeoutMs !== undefined) picked.timeoutMs = timeoutMs;
  if (deadlineMs !== undefined) picked.deadlineMs = deadlineMs;
  if (signal !== undefined) picked.signal = signal;
  if (retry !== undefined) picked.retry = retry;
  if (params !== undefined) picked.params = params;
  return picked;
}

/** True for a refusal because of rights, as against an instance that is busy, gone or asked wrongly. */
export function isRefusal(error: unknown): boolean {
  return isServiceNowError(error) && ["acl", "query-rights", "forbidden", "scope"].includes(error.kind);
}

/** The facts of an error, to say it again in other words. */
function facts(error: ServiceNowError) {
  const { status, serverMessage, detail, method, requestId, retryAfter, resetAt, retryable } = error;
  return {
    status,
    serverMessage,
    detail,
    method,
    path: error.path,
    requestId,
    retryAfter,
    resetAt,
    retryable,
    fields: error.fields,
  };
}
