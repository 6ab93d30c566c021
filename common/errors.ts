/** What went wrong, in one word; stable, so that code may branch on it. */
export type ErrorKind =
  // before any request
  | "usage"
  // no answer
  | "network"
  | "timeout"
  | "aborted"
  // an answer that is not ServiceNow's
  | "hibernating"
  | "login-page"
  | "not-servicenow"
  | "cut-off"
  // sign-in
  | "unauthenticated"
  | "sign-in"
  // refused
  | "acl"
  | "data-policy"
  | "business-rule"
  | "query-rights"
  | "scope"
  | "forbidden"
  // not understood
  | "not-found"
  | "invalid-table"
  | "unknown-path"
  | "method"
  | "bad-request"
  | "too-large"
  | "url-too-long"
  | "conflict"
  // busy
  | "rate-limit"
  | "busy"
  | "cancelled"
  | "server"
  // the answer is right and not what was asked for
  | "no-match"
  | "several-matches"
  | "incomplete"
  | "partial-failure";

/** What is known of a failure. Nothing here may hold a token, a password or a request header. */
export interface ErrorFacts {
  /** What went wrong, for code. */
  kind: ErrorKind;
  /** What was attempted and what happened, one sentence without the final stop. */
  what: string;
  /** Why, probably. */
  reason?: string | undefined;
  /** What the user or the administrator can do. */
  remedy?: string | undefined;
  /** HTTP status, when there was an answer. */
  status?: number | undefined;
  /** ServiceNow's own `error.message`. */
  serverMessage?: string | undefined;
  /** ServiceNow's own `error.detail`. */
  detail?: string | undefined;
  /** HTTP method of the call. */
  method?: string | undefined;
  /** Path without the query: queries hold record data. */
  path?: string | undefined;
  /** ServiceNow's `X-Transaction-ID`, for the administrator's logs. */
  requestId?: string | undefined;
  /** True when the same call may work later without anything being changed. */
  retryable?: boolean | undefined;
  /** Seconds to wait, from `Retry-After`. */
  retryAfter?: number | undefined;
  /** When the rate limit opens again. */
  resetAt?: Date | undefined;
  /** Labels or names of the fields at fault (data policy, unknown columns). */
  fields?: string[] | undefined;
  /** System error code of a failed connection (`ECONNREFUSED`). */
  code?: string | undefined;
  /** True when the request surely never reached the instance. */
  unsent?: boolean | undefined;
  /** What a function of the caller's own threw; never what a server said. */
  cause?: unknown;
}

const NAMES = ["ServiceNowError", "SignInError"];

/** The one error family of the client. `message` is meant for people: what happened, why probably, what to do. */
export class ServiceNowError extends Error {
  readonly kind: ErrorKind;
  readonly reason: string | undefined;
  readonly remedy: string | undefined;
  readonly status: number | undefined;
  readonly serverMessage: string | undefined;
  readonly detail: string | undefined;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly requestId: string | undefined;
  readonly retryable: boolean;
  readonly retryAfter: number | undefined;
  readonly resetAt: Date | undefined;
  readonly fields: string[] | undefined;
  readonly code: string | undefined;
  readonly unsent: boolean;

  constructor(facts: ErrorFacts) {
    super(compose(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "ServiceNowError";
    this.kind = facts.kind;
    this.reason = facts.reason;
    this.remedy = facts.remedy;
    this.status = facts.status;
    this.serverMessage = facts.serverMessage;
    this.detail = facts.detail;
    this.method = facts.method;
    this.path = facts.path;
    this.requestId = facts.requestId;
    this.retryable = facts.retryable ?? false;
    this.retryAfter = facts.retryAfter;
    this.resetAt = facts.resetAt;
    this.fields = facts.fields;
    this.code = facts.code;
    this.unsent = facts.unsent ?? false;
  }

  /** Plain facts for logs; undefined ones are left out. */
  toJSON(): Record<string, unknown> {
    const { name, message, kind, status, serverMessage, detail, reason, remedy, method, path, requestId } =
      this;
    const { retryable, retryAfter, resetAt, fields, code } = this;
    const all = {
      name,
      message,
      kind,
      status,
      serverMessage,
      detail,
      reason,
      remedy,
      method,
      path,
      requestId,
    };
    return Object.fromEntries(
      Object.entries({ ...all, retryable, retryAfter, resetAt, fields, code }).filter(
        ([, v]) => v !== undefined,
      ),
    );
  }
}

/** The sign-in failed: the token endpoint refused, or no usable token can be had. */
export class SignInError extends ServiceNowError {
  /** OAuth `error` of the answer, or our own word for it (`no_token`). */
  readonly error: string | undefined;
  /** OAuth `error_description`. */
  readonly description: string | undefined;
  /** OAuth `error_uri`. */
  readonly uri: string | undefined;

  constructor(
    facts: Omit<ErrorFacts, "kind"> & {
      error?: string | undefined;
      description?: string | undefined;
      uri?: string | undefined;
    },
  ) {
    super({ ...facts, kind: "sign-in" });
    this.name = "SignInError";
    this.error = facts.error;
    this.description = facts.description;
    this.uri = facts.uri;
  }
}

/** True for every error of this family, also one thrown by another copy of this code in the same process. */
export function isServiceNowError(error: unknown): error is ServiceNowError {
  return (
    error instanceof Error && NAMES.includes(error.name) && typeof Reflect.get(error, "kind") === "string"
  );
}

/** True for a failed sign-in (see {@link SignInError}), also from another copy of this code. */
export function isSignInError(error: unknown): error is SignInError {
  return isServiceNowError(error) && error.kind === "sign-in";
}

/** An input that can be refused before any request. */
export function usageError(what: string, remedy?: string, fields?: string[]): ServiceNowError {
  return new ServiceNowError({ kind: "usage", what, remedy, fields });
}

function compose(facts: ErrorFacts): string {
  return [facts.what, facts.reason, facts.remedy].filter(Boolean).map(closed).join(" ");
}

function closed(sentence: string | undefined): string {
  const text = (sentence ?? "").trim();
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}
