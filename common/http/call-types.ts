import type { ServiceNowError } from "../errors";
import type { Authenticator } from "./authenticator";
import type { Limiter } from "./limiter";
import type { RetryPolicy, Idempotency } from "./retry";
import type { HttpMethod, RequestBody, Transport } from "./transport";

/** What a client reports of its calls; never a token, a header or a query. */
export interface LogEvent {
  /** `answer`: it went through; `retry`: it failed and is sent again; `failure`: it failed for good. */
  type: "answer" | "retry" | "failure";
  /** HTTP method. */
  method: string;
  /** Path without the query, which may hold record data. */
  path: string;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** Milliseconds since the call began. */
  ms: number;
  /** Repetitions so far; 0 for the first try. */
  attempt: number;
  /** Milliseconds until the repetition. */
  waitMs?: number;
  /** Kind of the error. */
  kind?: string;
  /** ServiceNow's `X-Transaction-ID`. */
  requestId?: string;
}

/** The surroundings of a call: everything that is not the call itself, handed in for tests. */
export interface CallEnvironment {
  /** Sends requests. */
  transport: Transport;
  /** Signs them. */
  auth: Authenticator;
  /** Says how many run at a time. */
  limiter: Limiter;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds on a clock that nobody sets back, for deadlines. */
  elapsed: () => number;
  /** Waits; rejects when the signal fires. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Between 0 and 1. */
  random: () => number;
  /** Told of every answer, repetition and failure. */
  log?: ((event: LogEvent) => void) | undefined;
}

/** A call with everything decided: address, body, time, repetition. */
export interface Call {
  /** HTTP method. */
  method: HttpMethod;
  /** Absolute, query included. */
  url: string;
  /** Path alone, for errors and the log. */
  path: string;
  /** What is being done, as a phrase for errors: `read incident`. */
  operation: string;
  /** A 202 with a body is this call's success: it starts a job. */
  startsJob?: boolean | undefined;
  /** A 202 and a web page are answers of this call too. */
  anyAnswer?: boolean | undefined;
  /** Without the sign-in. Names in lower case. */
  headers: Record<string, string>;
  /** A function when the body must be made again for a repetition. */
  body?: RequestBody | (() => RequestBody) | undefined;
  /** How the body of the answer is read. */
  responseType: "json" | "text" | "bytes" | "stream";
  /** Time for one request. */
  timeoutMs: number;
  /** Total time, repetitions and waits included. */
  deadlineMs?: number | undefined;
  /** Cancels the call. */
  signal?: AbortSignal | undefined;
  /** Whether it may be sent twice. */
  idempotency: Idempotency;
  /** How it is repeated; null for never. */
  retry: RetryPolicy | null;
  /** Told when a body that was asked for as a stream has come to its end; until then the call is under way. */
  onStreamEnd?: (() => void) | undefined;
  /** Told of each failure before it is repeated. */
  onRetry?: ((error: ServiceNowError) => void) | undefined;
}

/** What an API answered. */
export interface Answer<T = unknown> {
  /** HTTP status, always 2xx: everything else is an error. */
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The parsed body; null where there was none. Text, bytes or a stream when those were asked for. */
  data: T;
  /** The instance's clock (`Date` header); our own only where the header is missing. */
  date: Date;
  /** ServiceNow's `X-Transaction-ID`, for the administrator's logs. */
  requestId?: string;
  /** Length of the body as it was read, in characters or bytes. */
  bytes: number;
}

/** What is said about a call in its errors. */
export interface CallContext {
  /** What was attempted, as a phrase: `read incident`, `create a record in incident`. */
  operation: string;
  /** HTTP method. */
  method: string;
  /** Path without the query. */
  path: string;
  /** The call starts a job and answers 202 with it; otherwise a 202 means that nothing was done yet. */
  startsJob?: boolean | undefined;
  /** A 202 and a web page are answers too. */
  anyAnswer?: boolean | undefined;
  /** Whether it may be sent again after its answer was lost. */
  idempotency?: Idempotency | undefined;
  /** How it was signed: `Bearer`, `Basic`; undefined for anything else. */
  scheme?: string | undefined;
  /** What of the request may not stand in a message, should the server repeat it. */
  secrets?: (() => readonly string[]) | undefined;
}
