/** How one HTTP request is sent. The client knows nothing else of the network. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

/** The methods ServiceNow takes. */
export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
/** What can be sent. A stream is read once, so that its call cannot be repeated. */
export type RequestBody = string | Uint8Array | ReadableStream<Uint8Array>;

/** One request, ready to be sent. */
export interface TransportRequest {
  /** HTTP method. */
  method: HttpMethod;
  /** Absolute, query included and percent-encoded. */
  url: string;
  /** Names in lower case, the sign-in included. */
  headers: Record<string, string>;
  /** Sent as it is; `content-type` stands in the headers. */
  body?: RequestBody;
  /** What `body` of the answer is; `text` unless told. */
  responseType?: "text" | "bytes" | "stream";
  /** Until the whole body is read; for `stream` until the headers came; the client then allows as long between two pieces. */
  timeoutMs?: number;
  /** Ends the request, and a stream that is being read. */
  signal?: AbortSignal;
}

/** One answer, whatever its status. */
export interface TransportResponse {
  /** HTTP status; a redirect is not followed. */
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** As `responseType` asks; text for every answer that is not 2xx. */
  body: string | Uint8Array | ReadableStream<Uint8Array>;
}

/**
 * A request that got no answer. Transports throw this and nothing else, so that no library's error object, which may
 * carry the request with its headers, ever leaves them.
 */
export class TransportError extends Error {
  constructor(
    readonly problem: "network" | "timeout" | "aborted",
    /** System code where one is known: `ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED` … */
    readonly code?: string,
    /** True when the request surely did not reach the server, so that it may be sent again whatever it was. */
    readonly unsent: boolean = false,
  ) {
    super(code ? `${problem} (${code})` : problem);
    this.name = "TransportError";
  }
}

const NEVER_SENT = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

/** Turns whatever a library threw into a {@link TransportError}, keeping only its code. */
export function scrub(error: unknown, timedOut: boolean, aborted: boolean): TransportError {
  if (timedOut) return new TransportError("timeout");
  if (aborted) return new TransportError("aborted");
  const code = codeOf(error);
  if (code === "ECONNABORTED" || code === "ETIMEDOUT") return new TransportError("timeout", code);
  return new TransportError("network", code, code !== undefined && NEVER_SENT.includes(code));
}

function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > 4) return undefined;
  const code: unknown = Reflect.get(error, "code");
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code) && code !== "ERR_NETWORK") return code;
  const causes: unknown = Reflect.get(error, "errors");
  const inner: unknown = Array.isArray(causes) ? causes[0] : Reflect.get(error, "cause");
  return codeOf(inner, depth + 1);
}
