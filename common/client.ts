// What `await using` is typed by, for programs that compile for less.
/// <reference lib="esnext.disposable" preserve="true" />
import { type RequestOptions, type CallOptions } from "./http/requester";
import type { Auth, Authenticator } from "./oauth";
import type { TokenEndpoint } from "./oauth/token-endpoint";
import type { TokenLife } from "./http/authenticator";
import { ServiceNowError, usageError } from "./errors";
import { perform, sleep } from "./http/call";
import { type Answer, type Call, type CallEnvironment, type LogEvent } from "./http/call-types";
import { createLimiter, type Limiter } from "./http/limiter";
import { delayBefore, RETRY, idempotencyOf, type RetryPolicy } from "./http/retry";
import type { Transport } from "./http/transport";
import { checkLimit, timerMs } from "./http/limits";
import { buildUrl, segment, tableName, type Params } from "./http/url";
import { parseInstance, type Instance } from "./instance";
import type { Token } from "./oauth/token";
import { andEach, formatQuery } from "./query";
import { Table } from "./table/table";
import type { AnyRow } from "./table/types";
import { VERSION } from "./version";

/** How a client reaches an instance. Only `instance` and `auth` must be given. */
export interface ClientOptions {
  /** Instance name, host or address; see {@link parseInstance}. */
  instance: string;
  /** How to sign in. */
  auth: Auth;
  /** How requests are sent. @default fetch */
  transport?: Transport;
  /** Milliseconds for one request. @default 60000 */
  timeoutMs?: number;
  /** Milliseconds for a call with all its repetitions and waits. @default none */
  deadlineMs?: number;
  /** Changes to the retry policy, or `false` for none. */
  retry?: Partial<RetryPolicy> | false;
  /** Most calls at a time; halves by itself while the instance is busy. @default 8 */
  concurrency?: number;
  /** Parameters for every call; the call's own win, and queries are joined: both hold. */
  params?: Params;
  /** Headers for every call, such as a tenant's; the call's own win, and those of the sign-in are refused. */
  headers?: Record<string, string>;
  /** Journal columns of the instance's own, whose writes are never repeated blindly. */
  journalColumns?: readonly string[];
  /** Allow `http://` to hosts other than this computer. */
  allowHttp?: boolean;
  /** Put in front of ours in the `User-Agent`. */
  userAgent?: string;
  /** Told of every answer, repetition and failure. */
  log?: (event: LogEvent) => void;
  /** Milliseconds since 1970, for tests. @default Date.now */
  now?: () => number;
  /** Waits before repetitions, for tests; rejects when the signal fires. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Between 0 and 1, for the jitter of waits; for tests. @default Math.random */
  random?: () => number;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof ClientOptions>([
  "instance",
  "auth",
  "transport",
  "timeoutMs",
  "deadlineMs",
  "retry",
  "concurrency",
  "params",
  "headers",
  "journalColumns",
  "allowHttp",
  "userAgent",
  "log",
  "now",
  "sleep",
  "random",
]);

/** What clients made from one another share: the sign-in, and the limit on parallel calls. */
interface Shared {
  auth: Authenticator;
  limiter: Limiter;
  life: { closed: boolean; calls: Set<AbortController> };
}

/** What a client is put together from, so that a component carries no sign-in and no transport that it does not use. */
export interface ClientDependencies {
  /** Makes the sign-in. */
  signIn: (auth: Auth, environment: TokenEndpoint) => Authenticator;
  /** Sends requests where the options name no transport. */
  transport: () => Transport;
}

/** A ServiceNow instance, seen by one account. Made by `createClient`. */
export class ServiceNow {
  readonly instance: Instance;
  readonly #options: ClientOptions;
  readonly #dependencies: ClientDependencies;
  readonly #shared: Shared;
  readonly #env: CallEnvironment;

  constructor(options: ClientOptions, dependencies: ClientDependencies, shared?: Partial<Shared>) {
    check(options);
    checkParams(options.params);
    this.#options = options;
    this.instance = parseInstance(options.instance, { allowHttp: options.allowHttp ?? false });
    this.#dependencies = dependencies;
    const transport = options.transport ?? dependencies.transport();
    const now = options.now ?? Date.now;
    const elapsed = options.now ?? (() => performance.now());
    const wait = options.sleep ?? sleep;
    const random = options.random ?? Math.random;
    const retries = options.retry === false ? { retries: 0 } : {};
    const environment = { origin: this.origin, transport, now, sleep: wait, random, ...retries };
    this.#shared = {
      auth: shared?.auth ?? dependencies.signIn(options.auth, environment),
      limiter: shared?.limiter ?? createLimiter(options.concurrency ?? 8),
      life: shared?.life ?? { closed: false, calls: new Set() },
    };
    const { auth, limiter } = this.#shared;
    this.#env = { transport, auth, limiter, now, elapsed, sleep: wait, random, log: options.log };
  }

  /** `https://dev98042.service-now.com` */
  get origin(): string {
    return this.instance.origin;
  }

  /** Limits of every call that says nothing of its own. */
  get limits(): Pick<CallOptions, "deadlineMs" | "retry"> {
    const { deadlineMs, retry } = this.#options;
    return { deadlineMs, retry };
  }

  /** Life of the token the client holds; null before the first call, or where somebody else manages it. */
  get token(): TokenLife | null {
    return this.#shared.auth.life?.() ?? null;
  }

  /**
   * The token the client holds, to be kept and handed in as `auth.token` of the next one; null before the first call, and where somebody
   * else manages it. It is a secret.
   */
  get heldToken(): Token | null {
    return (this.#shared.auth.held ?? null) as Token | null;
  }

  /** Records of one table. `Row` may name its columns. */
  table<Row extends object = AnyRow>(name: string): Table<Row> {
    return new Table<Row>(this, tableName(name));
  }

  /**
   * Any API of the instance, under the same sign-in, checks and retries.
   *
   * @returns status, headers (lower-case names), the parsed body, the instance's clock
   * @throws ServiceNowError
   */
  async request<T = unknown>(options: RequestOptions): Promise<Answer<T>> {
    const { life } = this.#shared;
    if (life.closed) throw usageError("This client is closed", "Make a new one");
    const controller = new AbortController();
    const done = (): boolean => life.calls.delete(controller);
    life.calls.add(controller);
    try {
      const call = { ...this.#call(options, controller.signal), onStreamEnd: done };
      const answer = (await perform(call, this.#env)) as Answer<T>;
      // A stream is under way until it was read.
      if (!(answer.data instanceof ReadableStream)) done();
      return answer;
    } catch (error) {
      done();
      throw error;
    }
  }

  /**
   * Waits before a repetition as the client's retry policy says, with `Retry-After`, jitter and ceiling; for functions that
   * repeat parts of their work themselves.
   *
   * @param attempt repetitions so far
   * @returns false when the policy allows no further repetition, or not after such an error; then nothing was waited
   */
  async waitBefore(error: ServiceNowError, attempt: number, options: CallOptions = {}): Promise<boolean> {
    const own = this.#options.retry;
    if (own === false || options.retry === false) return false;
    const policy = { ...RETRY, ...own, ...options.retry };
    const waitMs = attempt < policy.retries ? delayBefore(attempt, error, policy, this.#env.random) : null;
    if (waitMs === null) return false;
    if (error.kind === "busy" || error.kind === "rate-limit") this.#shared.limiter.slowDown();
    try {
      await this.#env.sleep(waitMs, options.signal);
    } catch {
      throw new ServiceNowError({ kind: "aborted", what: "The wait before a repetition was cancelled" });
    }
    return true;
  }

  /** Address of the record's form, for people. */
  recordLink(table: string, sysId: string): string {
    return `${this.origin}/${tableName(table)}.do?sys_id=${segment(sysId, "sys_id")}`;
  }

  /**
   * A client with some options changed. It shares the sign-in and the limit on parallel calls with this one, unless the
   * change is about them.
   */
  with(changes: Partial<ClientOptions>): ServiceNow {
    const sameAccount = !("auth" in changes || "instance" in changes || "transport" in changes);
    // Another account or another instance is a client of its own, and closing one does not end the other.
    const shared: Partial<Shared> = sameAccount ? { life: this.#shared.life } : {};
    if (sameAccount) shared.auth = this.#shared.auth;
    if (sameAccount && !("concurrency" in changes)) shared.limiter = this.#shared.limiter;
    return new ServiceNow({ ...this.#options, ...changes }, this.#dependencies, shared);
  }

  /** Ends calls and streams under way and refuses new ones. Not needed for a process to end: the client keeps nothing running. */
  close(): void {
    this.#shared.life.closed = true;
    for (const controller of this.#shared.life.calls) controller.abort();
  }

  /** As {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #call(options: RequestOptions, closing: AbortSignal): Call {
    const { method = "GET", path, body, raw } = options;
    const own = this.#options;
    if (body !== undefined && raw !== undefined)
      throw usageError("A call has either a body or raw data, not both");
    const headers = this.#headers({ ...own.headers, ...options.headers });
    if (body !== undefined) headers["content-type"] ??= "application/json";
    const retry = options.retry ?? own.retry;
    return {
      method,
      path,
      url: buildUrl(this.origin, path, merged(own.params, options.params)),
      headers,
      body: body === undefined ? raw : JSON.stringify(body),
      operation: options.operation ?? `${method} ${path}`,
      startsJob: options.startsJob,
      anyAnswer: options.anyAnswer,
      responseType: options.responseType ?? "json",
      timeoutMs: timerMs(checkLimit("timeoutMs", options.timeoutMs) ?? own.timeoutMs ?? 60_000),
      deadlineMs: checkLimit("deadlineMs", options.deadlineMs) ?? own.deadlineMs,
      signal: options.signal ? AbortSignal.any([options.signal, closing]) : closing,
      idempotency: options.idempotency ?? idempotencyOf(method, body, own.journalColumns),
      retry: retry === false ? null : { ...RETRY, ...(own.retry || {}), ...(options.retry || {}) },
      onRetry: options.onRetry,
    };
  }

  #headers(given: Record<string, string> | undefined): Record<string, string> {
    const ours = `servicenow-components/${VERSION}`;
    const agent = this.#options.userAgent ? `${this.#options.userAgent} ${ours}` : ours;
    const headers: Record<string, string> = { accept: "application/json", "user-agent": agent };
    for (const [name, value] of Object.entries(given ?? {})) {
      const lower = name.toLowerCase();
      if (lower === "authorization" || lower === "cookie" || lower === "x-sn-apikey") {
        throw usageError(`The header ${name} is set by the client's sign-in`, "Choose the sign-in with auth");
      }
      headers[lower] = value;
    }
    return headers;
  }
}

/** The call's parameters win where they say something; null takes the client's away. */
/** The call's parameters over the client's; of two queries both hold. */
function merged(client: Params = {}, call: Params = {}): Params {
  const all: Params = {
    ...client,
    ...Object.fromEntries(Object.entries(call).filter(([, value]) => value !== undefined)),
  };
  const [ours, own] = [client["sysparm_query"], call["sysparm_query"]];
  if (typeof ours === "string" && ours && typeof own === "string" && own)
    all["sysparm_query"] = formatQuery(andEach(ours, own));
  return all;
}

/** Parameters that decide how an answer is read: given for every call, they would change what a list takes for the end or a value. */
const PER_CALL = [
  "sysparm_display_value",
  "sysparm_fields",
  "sysparm_limit",
  "sysparm_offset",
  "sysparm_no_count",
];

function checkParams(params: Params = {}): void {
  const wrong = PER_CALL.filter((name) => params[name] !== undefined && params[name] !== null);
  if (wrong.length > 0) {
    throw usageError(
      `${wrong.join(", ")} cannot be given for every call`,
      "Give displayValue, fields, limit and offset to each call: the types of its rows follow them",
    );
  }
}

function check(options: ClientOptions): void {
  const unknown = Object.keys(options).filter((name) => !OPTIONS.has(name));
  if (unknown.length) {
    throw usageError(
      `createClient does not know ${unknown.join(", ")}`,
      "The instance is given once, as instance: a name, a host or an address",
    );
  }
  for (const name of ["timeoutMs", "deadlineMs", "concurrency"] as const) checkLimit(name, options[name]);
}
