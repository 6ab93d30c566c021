import { scrub, type Transport, type TransportRequest, type TransportResponse } from "./transport";

/** What we ask of axios; its real type is wider. */
export interface AxiosLikeConfig {
  /** HTTP method. */
  method: string;
  /** Without the query, which goes through the serializer. */
  url: string;
  /** The query once more, for wrappers that look at it. */
  params?: Record<string, string>;
  /** Gives the query back as it was written. */
  paramsSerializer?: { serialize: () => string };
  /** All headers, the sign-in too. */
  headers: Record<string, string>;
  /** Empty: the body comes by `transformRequest`. */
  data?: unknown;
  /** Hands over the body as it is. */
  transformRequest?: Array<(data: unknown) => unknown>;
  /** Leaves the answer as it is. */
  transformResponse?: Array<(data: unknown) => unknown>;
  /** How the answer is read. */
  responseType: "text" | "arraybuffer" | "stream";
  /** Milliseconds. */
  timeout?: number;
  /** Cancels the request. */
  signal?: AbortSignal;
  /** Every status is an answer; the client judges it. */
  validateStatus: () => boolean;
  /** None: a redirect would carry the token elsewhere. */
  maxRedirects: number;
  /** No limit. */
  maxContentLength: number;
  /** No limit. */
  maxBodyLength: number;
  /** Makes the platform's wrapper give status and headers. */
  returnFullResponse: true;
}

/** What we take of an answer of axios. */
export interface AxiosLikeResponse {
  /** HTTP status. */
  status: number;
  /** By name, in any case. */
  headers: unknown;
  /** Text, bytes or a Node stream. */
  data: unknown;
}

/**
 * A transport over an axios instance of the caller's (proxy, certificates, interceptors). Pass `axios` itself or
 * `axios.create(...)`.
 */
export function axiosTransport(axios: { request(config: never): Promise<AxiosLikeResponse> }): Transport {
  return overAxios((config) => axios.request(config as never));
}

/** Common to plain axios and the platform's wrapper: the raw body as text, every status an answer, errors scrubbed. */
export function overAxios(send: (config: AxiosLikeConfig) => Promise<AxiosLikeResponse>): Transport {
  return async (request) => {
    const { signal, timeoutMs } = request;
    const started = Date.now();
    try {
      return await toResponse(await send(await toConfig(request)), request);
    } catch (error) {
      const timedOut = timeoutMs !== undefined && !signal?.aborted && Date.now() - started >= timeoutMs;
      throw scrub(error, timedOut, signal?.aborted ?? false);
    }
  };
}

async function toConfig(request: TransportRequest): Promise<AxiosLikeConfig> {
  // The platform's wrapper takes the query of the URL apart by rewriting it as JSON text, which loses repeated keys and
  // breaks on bare ones. So the URL goes without it, and the serializer puts the very text back.
  const url = new URL(request.url);
  const query = url.search.slice(1);
  url.search = "";
  const config: AxiosLikeConfig = {
    method: request.method,
    url: url.toString(),
    headers: { ...request.headers },
    responseType: request.responseType === "bytes" ? "arraybuffer" : (request.responseType ?? "text"),
    transformResponse: [(data) => data],
    validateStatus: () => true,
    maxRedirects: 0,
    maxContentLength: Infinity,
    maxBodyLength: Infinity,
    returnFullResponse: true,
  };
  if (query) {
    config.params = Object.fromEntries(new URLSearchParams(query));
    config.paramsSerializer = { serialize: () => query };
  }
  if (request.timeoutMs !== undefined) config.timeout = request.timeoutMs;
  if (request.signal) config.signal = request.signal;
  if (request.body !== undefined) {
    // Handed over at the last moment: the platform's wrapper walks through every key of an object given as `data`.
    const body = await nodeBody(request.body);
    config.data = "";
    config.transformRequest = [() => body];
  }
  return config;
}

async function nodeBody(body: NonNullable<TransportRequest["body"]>): Promise<unknown> {
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const { Readable } = await import("node:stream");
  return Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
}

async function toResponse(
  response: AxiosLikeResponse,
  request: TransportRequest,
): Promise<TransportResponse> {
  const { status, data } = response;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...(response.headers as object) })) {
    if (typeof value === "string") headers[name.toLowerCase()] = value;
    else if (typeof value === "number" || typeof value === "boolean")
      headers[name.toLowerCase()] = String(value);
    else if (Array.isArray(value)) headers[name.toLowerCase()] = value.join(", ");
  }
  const ok = status >= 200 && status < 300;
  if (request.responseType === "stream") {
    const stream = data as AsyncIterable<Uint8Array>;
    return { status, headers, body: ok ? toWebStream(stream) : await textOf(stream) };
  }
  if (request.responseType === "bytes") {
    const bytes = data instanceof Uint8Array ? data : new Uint8Array(data as ArrayBuffer);
    return { status, headers, body: ok ? bytes : new TextDecoder().decode(bytes) };
  }
  return {
    status,
    headers,
    body: typeof data === "string" ? data : data === null || data === undefined ? "" : JSON.stringify(data),
  };
}

function toWebStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of source) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
