import type { ServiceNowError } from "../errors";
import type { Answer } from "./call-types";
import type { RetryPolicy, Idempotency } from "./retry";
import type { HttpMethod, RequestBody } from "./transport";
import type { Params } from "./url";

/** One call of any API of the instance. */
export interface RequestOptions {
  /** @default GET */
  method?: HttpMethod;
  /** Starts with a slash: `/api/now/table/incident`. Encode its parts with `encodeURIComponent`. */
  path: string;
  /** Parameters of the address. Lists are joined by commas; null takes away one of the client's own. */
  params?: Params | undefined;
  /** Further headers; those of the sign-in are refused. */
  headers?: Record<string, string> | undefined;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is; set `content-type` in `headers`. A function is called again for a repetition. */
  raw?: RequestBody | (() => RequestBody) | undefined;
  /** @default json */
  responseType?: "json" | "text" | "bytes" | "stream" | undefined;
  /** Milliseconds for one request. @default the client's */
  timeoutMs?: number | undefined;
  /** Milliseconds for the whole call with waits and repetitions. @default the client's */
  deadlineMs?: number | undefined;
  /** Cancels the call at once, also while it waits; the error is of kind `aborted`. */
  signal?: AbortSignal | undefined;
  /** Whether the call may be sent twice; judged by method and body unless told. */
  idempotency?: Idempotency | undefined;
  /** Changes to the client's retry policy for this call, or `false` for none. */
  retry?: Partial<RetryPolicy> | false | undefined;
  /** What the call does, for its errors: `read the catalog`. */
  operation?: string | undefined;
  /** For calls that start a job: their 202 with a body is success. Elsewhere a 202 means that the call still waits and is an error. */
  startsJob?: boolean | undefined;
  /**
   * Any answer below 400 that the instance means is the result: a 202, a web page of an API. Refused are errors, redirections, and the pages of a sign-in or of a
   * sleeping instance. With `responseType` `bytes` or `text`.
   */
  anyAnswer?: boolean | undefined;
  /** Told of each failure before it is repeated. */
  onRetry?: ((error: ServiceNowError) => void) | undefined;
}

/** What several calls have in common. */
export type CallOptions = Pick<RequestOptions, "timeoutMs" | "deadlineMs" | "signal" | "retry" | "params">;

/** What the parts of a client need of it: calls under one sign-in. `ServiceNow` is one. */
export interface Requester {
  /** `https://dev98042.service-now.com` */
  readonly origin: string;
  /** Limits of every call that says nothing of its own. */
  readonly limits: Pick<CallOptions, "deadlineMs" | "retry">;
  /** Any API of the instance. @throws ServiceNowError */
  request<T = unknown>(options: RequestOptions): Promise<Answer<T>>;
  /** Waits before a repetition; false when the policy allows none. */
  waitBefore(error: ServiceNowError, attempt: number, options?: CallOptions): Promise<boolean>;
  /** Address of the record's form, for people. */
  recordLink(table: string, sysId: string): string;
}
