import type { CallOptions, Requester } from "../requester";
import { isServiceNowError, ServiceNowError, usageError } from "../../errors";
import { MAYBE_DONE } from "../failures";
import { checkResponse, checkStatus } from "../response-check";
import { idempotencyOf } from "../retry";
import { buildUrl, type Params } from "../url";
import { fromBase64, toBase64 } from "./base64";
import { common, send } from "../api-call";

/** One call inside a batch. */
export interface BatchRequest {
  /** @default GET */
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path of any API of the same instance: `/api/now/table/incident`. */
  path: string;
  /** Parameters of the address; lists are joined by commas. */
  params?: Params;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is; set `content-type` in `headers`. */
  raw?: string | Uint8Array;
  /** Further headers of this call; the batch's own sign-in holds for all of it. */
  headers?: Record<string, string>;
  /** @default json */
  responseType?: "json" | "text" | "bytes";
  /** What the call does, for its error. */
  operation?: string;
}

/** What became of one call of a batch. */
export interface BatchResult<T = unknown> {
  /** `unserviced`: the instance did not get to it; it was not carried out and may be sent again. */
  outcome: "ok" | "failed" | "unserviced";
  /** HTTP status; 0 when unserviced. */
  status: number;
  /** Headers of this one answer, names in lower case. */
  headers: Record<string, string>;
  /** The parsed body; null when there is none, when it failed or was not serviced. */
  data: T | null;
  /** Why it failed, of the same family as every other error; absent when it did not. */
  error?: ServiceNowError;
  /** Milliseconds the instance took. */
  executionMs?: number;
}

/** Options of the request that carries the batch. */
export interface BatchOptions extends CallOptions {
  /** Bytes that one answer may have (`X-BATCHREQUEST-MAX-OUTPUT-SIZE`, at most 10 MB). */
  maxOutputBytes?: number;
}

/** ServiceNow's limit for one call of a batch. */
export const MAX_BATCH_ITEM_BYTES = 5 * 1024 * 1024;

/**
 * Several calls in one request, carried out one after the other under the account's own rights. One failure does not stop the
 * others; the whole has 30 seconds, and what the instance did not get to comes back as `unserviced`.
 *
 * @returns one result a call, in the order given
 * @throws ServiceNowError when the batch itself failed: then nothing is known of its calls, unless the error says `unsent`
 * @see https://www.servicenow.com/docs/csh?topicname=batch-api.html
 */
export async function batch(
  client: Requester,
  requests: readonly BatchRequest[],
  options: BatchOptions = {},
): Promise<BatchResult[]> {
  if (requests.length === 0) return [];
  const items = requests.map((request, index) => toItem(request, index));
  const repeatable = requests.every(
    ({ method = "GET", body }) => idempotencyOf(method, body) === "idempotent" && method !== "DELETE",
  );
  const answer = await send<RawBatch>(client, {
    ...common(options),
    method: "POST",
    path: "/api/now/v1/batch",
    operation: `send a batch of ${items.length} calls`,
    ...(options.maxOutputBytes === undefined
      ? {}
      : { headers: { "x-batchrequest-max-output-size": String(options.maxOutputBytes) } }),
    body: { batch_request_id: "1", rest_requests: items },
    idempotency: repeatable ? "idempotent" : "not-idempotent",
  });
  const served = new Map((answer.data?.serviced_requests ?? []).map((item) => [String(item.id), item]));
  const left = new Set((answer.data?.unserviced_requests ?? []).map(String));
  return requests.map((request, index) => {
    const item = served.get(String(index + 1));
    if (item) return toResult(request, item);
    const nothing = { status: 0, headers: {}, data: null };
    return left.has(String(index + 1))
      ? { outcome: "unserviced", ...nothing }
      : { outcome: "failed", ...nothing, error: unnamed(request) };
  });
}

function unnamed({ method = "GET", path, operation }: BatchRequest): ServiceNowError {
  return new ServiceNowError({
    kind: "incomplete",
    what: `Could not ${operation ?? `${method} ${path}`}: the answer of the batch does not name this call`,
    ...MAYBE_DONE,
    method,
    path,
  });
}

interface RawBatch {
  serviced_requests?: RawItem[];
  unserviced_requests?: string[];
}

interface RawItem {
  id: string;
  status_code: number;
  status_text?: string;
  body?: string;
  headers?: { name: string; value: string }[];
  execution_time?: number;
  error_message?: string;
}

function toItem(request: BatchRequest, index: number): Record<string, unknown> {
  const { method = "GET", path, params, body, raw } = request;
  if (/^\/api\/now\/(v\d+\/)?batch$/.test(path)) throw usageError("A batch cannot hold another batch");
  if (body !== undefined && raw !== undefined)
    throw usageError("A call has either a body or raw data, not both");
  const text = body === undefined ? raw : JSON.stringify(body);
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  if (bytes && bytes.length > MAX_BATCH_ITEM_BYTES) {
    throw usageError(
      `Call ${index + 1} of the batch has ${bytes.length} bytes, and a batch takes ${MAX_BATCH_ITEM_BYTES} a call`,
      "Send it by itself",
    );
  }
  const headers = new Map([["accept", "application/json"]]);
  if (body !== undefined) headers.set("content-type", "application/json");
  for (const [name, value] of Object.entries(request.headers ?? {})) headers.set(name.toLowerCase(), value);
  return {
    id: String(index + 1),
    method,
    url: buildUrl("", path, params),
    headers: [...headers].map(([name, value]) => ({ name, value })),
    ...(bytes ? { body: toBase64(bytes) } : {}),
  };
}

function toResult(request: BatchRequest, item: RawItem): BatchResult {
  const headers: Record<string, string> = {};
  for (const { name, value } of item.headers ?? []) headers[name.toLowerCase()] = String(value);
  const { method = "GET", path } = request;
  const bytes = item.body ? fromBase64(item.body) : new Uint8Array();
  const idempotency = idempotencyOf(method, request.body);
  const context = { operation: request.operation ?? `${method} ${path}`, method, path, idempotency };
  const ok = item.status_code >= 200 && item.status_code < 300;
  const asBytes = request.responseType === "bytes" && ok;
  const body = asBytes ? bytes : new TextDecoder().decode(bytes);
  const result: BatchResult = { outcome: "ok", status: item.status_code, headers, data: null };
  if (item.execution_time !== undefined) result.executionMs = item.execution_time;
  try {
    const response = { status: item.status_code, headers, body };
    if (request.responseType === undefined || request.responseType === "json") {
      result.data = checkResponse(response, context);
    } else {
      checkStatus(response, context);
      result.data = body;
    }
  } catch (error) {
    if (!isServiceNowError(error)) throw error;
    result.outcome = "failed";
    result.error = error;
  }
  return result;
}
