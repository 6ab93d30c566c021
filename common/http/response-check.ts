import { ServiceNowError, type ErrorFacts, type ErrorKind } from "../errors";
import type { TransportResponse } from "./transport";

/** What is said about a call in its errors. */
export interface CallContext {
  /** What was attempted, as a phrase: `read incident`, `create a record in incident`. */
  doing: string;
  method: string;
  path: string;
  /** The call starts a job and answers 202 with it; otherwise a 202 means that nothing was done yet. */
  startsJob?: boolean | undefined;
}

/**
 * Turns an answer into its JSON, or throws what it really is. A 2xx is only believed when it is JSON that parses: a sleeping
 * instance, a login page and a proxy all answer 200 with a page.
 *
 * @returns the parsed body; null for 204 and empty answers to writes
 * @see facts of https://www.servicenow.com/docs/csh?topicname=r_RESTAPIHTTPResponseCodes.html
 */
export function checkResponse(response: TransportResponse, context: CallContext): unknown {
  const text = typeof response.body === "string" ? response.body : "";
  const { status } = response;
  if (status === 204 || (status >= 200 && status < 300 && context.method === "HEAD")) return null;
  const parsed = parse(text);
  if (status === 202 && !(context.startsJob && parsed.ok)) throw queued(response, context);
  if (status >= 300 && status < 400) throw redirected(response, context);
  if (status >= 400) throw refused(response, context, parsed.ok ? parsed.value : undefined, text);
  if (!parsed.ok) throw notJson(response, context, text);
  const error = errorOf(parsed.value);
  if (error && !("result" in (parsed.value as object))) throw refused(response, context, parsed.value, text);
  return parsed.value;
}

/** Same checks for an answer whose body is bytes or a stream: only the status is judged. */
export function checkStatus(response: TransportResponse, context: CallContext): void {
  const { status } = response;
  const html = /^text\/html/i.test(response.headers["content-type"] ?? "");
  if (typeof response.body === "string" || status < 200 || status >= 300 || status === 202) {
    const text = typeof response.body === "string" ? response.body : "";
    if (status === 202) throw queued(response, context);
    if (status >= 300 && status < 400) throw redirected(response, context);
    if (status >= 400) {
      const parsed = parse(text);
      throw refused(response, context, parsed.ok ? parsed.value : undefined, text);
    }
    if (html) throw notJson(response, context, text);
  }
}

/** Seconds asked for by `Retry-After` (seconds or a date), or undefined. */
export function retryAfterOf(headers: Record<string, string>, now: number): number | undefined {
  const text = headers["retry-after"]?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const date = Date.parse(text);
  if (Number.isNaN(date)) return undefined;
  // Measured on the server's clock where it told it.
  const serverNow = Date.parse(headers["date"] ?? "");
  return Math.max(0, (date - (Number.isNaN(serverNow) ? now : serverNow)) / 1000);
}

/** Recognises a page that came instead of data. */
export function pageKind(text: string): "hibernating" | "login-page" | "not-servicenow" {
  const start = text.slice(0, 20_000);
  if (/hibernat|instance is currently offline/i.test(start)) return "hibernating";
  if (
    /login\.do|logout_success|name="user_password"|sysparm_login|saml|single sign-on|id="user_name"/i.test(
      start,
    )
  ) {
    return "login-page";
  }
  return "not-servicenow";
}

/** The error for a page where data was expected; `where` is said in front. */
export function pageError(
  text: string,
  facts: Omit<ErrorFacts, "kind" | "what"> & { what: string },
): ServiceNowError {
  const kind = pageKind(text);
  const words: Record<typeof kind, { what: string; reason: string; remedy: string; retryable: boolean }> = {
    hibernating: {
      what: "the instance is hibernating or still waking up",
      reason: "Developer instances go to sleep when nobody uses them, and then answer every call with a page",
      remedy:
        "Sign in at https://developer.servicenow.com, wake the instance, and try again in a few minutes",
      retryable: true,
    },
    "login-page": {
      what: "the answer is a login page instead of data",
      reason:
        "The sign-in is not accepted for REST calls, or a single sign-on gateway stands in front of the instance",
      remedy: "Check the account and its authentication method, and that REST calls may pass the gateway",
      retryable: false,
    },
    "not-servicenow": {
      what: "the answer is a web page instead of data",
      reason:
        "The address may belong to another site, or a proxy or maintenance page answers for the instance",
      remedy: "Open the instance address in a browser and check that it is a ServiceNow instance",
      retryable: false,
    },
  };
  const { what, ...rest } = words[kind];
  return new ServiceNowError({ ...facts, ...rest, kind, what: `${facts.what}: ${what}` });
}

function parse(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function base(response: TransportResponse, context: CallContext): Omit<ErrorFacts, "kind" | "what"> {
  return {
    status: response.status,
    method: context.method,
    path: context.path,
    requestId: response.headers["x-transaction-id"],
  };
}

function queued(response: TransportResponse, context: CallContext): ServiceNowError {
  return new ServiceNowError({
    ...base(response, context),
    kind: "busy",
    what: `Could not ${context.doing}: ServiceNow answered 202, which means that the call waits behind others of the same session and was not carried out yet`,
    reason: "More than ten calls of one session were waiting, or one ran for very long",
    remedy: "Try again later, with fewer calls at a time",
    retryable: true,
  });
}

function redirected(response: TransportResponse, context: CallContext): ServiceNowError {
  const target = (response.headers["location"] ?? "").split("?")[0] ?? "";
  return pageError("login.do", {
    ...base(response, context),
    what: `Could not ${context.doing}${target ? ` (redirected to ${target})` : ""}`,
  });
}

function notJson(response: TransportResponse, context: CallContext, text: string): ServiceNowError {
  const facts = base(response, context);
  const what = `Could not ${context.doing}`;
  const type = response.headers["content-type"] ?? "";
  if (/^\s*</.test(text) || /^text\/html/i.test(type)) return pageError(text, { ...facts, what });
  if (/Transaction cancelled/i.test(text.slice(-4000))) return cancelled(facts, what);
  if (text.trim() === "") {
    return new ServiceNowError({
      ...facts,
      kind: "cut-off",
      what: `${what}: the answer is empty`,
      reason: "A busy instance or a proxy closed the answer before it was written",
      remedy: "Try again; if a record was being written, look first whether it is there",
      retryable: true,
    });
  }
  if (!/json/i.test(type) && !/^\s*[[{]/.test(text)) return pageError(text, { ...facts, what });
  return new ServiceNowError({
    ...facts,
    kind: "cut-off",
    what: `${what}: the answer breaks off in the middle (${text.length} characters)`,
    reason: "The connection ended early, or the instance stopped a transaction that took too long",
    remedy: "Ask for fewer records or fewer fields at a time",
    retryable: true,
  });
}

function cancelled(facts: Omit<ErrorFacts, "kind" | "what">, what: string): ServiceNowError {
  return new ServiceNowError({
    ...facts,
    kind: "cancelled",
    what: `${what}: ServiceNow cancelled the transaction because it ran too long`,
    serverMessage: facts.serverMessage ?? "Transaction cancelled: maximum execution time exceeded",
    reason: "A transaction quota (60 seconds for most REST calls) stops long requests",
    remedy: "Ask for fewer records or fields at a time, or filter on an indexed column",
    retryable: false,
  });
}

function errorOf(body: unknown): { message: string; detail: string } | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const error: unknown = Reflect.get(body, "error");
  if (typeof error === "string") {
    return { message: error, detail: String(Reflect.get(body, "error_description") ?? "") };
  }
  if (typeof error !== "object" || error === null) return undefined;
  const text = (key: string): string => {
    const value: unknown = Reflect.get(error, key);
    return typeof value === "string" ? value.trim() : "";
  };
  return { message: text("message"), detail: text("detail") };
}

interface Verdict {
  kind: ErrorKind;
  reason?: string;
  remedy?: string;
  retryable?: boolean;
  fields?: string[];
}

function refused(
  response: TransportResponse,
  context: CallContext,
  body: unknown,
  text: string,
): ServiceNowError {
  const { status, headers } = response;
  const facts = base(response, context);
  const error = errorOf(body);
  const what = `Could not ${context.doing}`;
  if (!error && /^\s*</.test(text) && status < 500 && status !== 414 && status !== 429) {
    return pageError(text, { ...facts, what: `${what} (HTTP ${status})` });
  }
  const message = error?.message ?? "";
  const detail = error?.detail ?? "";
  if (/Transaction cancelled/i.test(message))
    return cancelled({ ...facts, serverMessage: message, detail }, what);
  const said = [message, detail].filter(Boolean).join(": ").replace(/\s+/g, " ").replace(/[.]$/, "");
  const retryAfter = retryAfterOf(headers, Date.now());
  const verdict = judge(status, message, detail, headers);
  return new ServiceNowError({
    ...facts,
    ...verdict,
    what: `${what}: ServiceNow answered ${status}${said ? ` "${said}"` : ""}`,
    serverMessage: message || undefined,
    detail: detail || undefined,
    retryAfter,
    resetAt: resetOf(headers, retryAfter),
  });
}

function resetOf(headers: Record<string, string>, retryAfter: number | undefined): Date | undefined {
  const reset = Number(headers["x-ratelimit-reset"]);
  if (Number.isFinite(reset) && reset > 0) return new Date(reset * 1000);
  return retryAfter === undefined ? undefined : new Date(Date.now() + retryAfter * 1000);
}

function judge(status: number, message: string, detail: string, headers: Record<string, string>): Verdict {
  const all = `${message}\n${detail}`;
  if (status === 401) {
    const mfa = /invalid/i.test(headers["x-mfa_token"] ?? "");
    return {
      kind: "unauthenticated",
      reason: mfa
        ? "The account must sign in with a second factor, which a REST call cannot give"
        : "The token has ended or was revoked, the user name or password is wrong, or this kind of sign-in is closed for the account; ServiceNow does not say which",
      remedy: mfa
        ? "Use an OAuth connection, or an account without multi-factor authentication"
        : "Connect the account again. With basic authentication on a new instance the account needs the role snc_basic_auth_api_access",
    };
  }
  if (status === 403) return forbidden(all, detail);
  if (status === 404) {
    return /does not represent any resource/i.test(all)
      ? unknownPath()
      : {
          kind: "not-found",
          reason:
            "There is no record with this id in this table, or the account may not read it; ServiceNow does not say which",
          remedy: "Check the sys_id and the table, and the account's read access",
        };
  }
  if (status === 400) return badRequest(all, message);
  if (status === 405) return { kind: "method", remedy: "This address takes other methods only" };
  if (status === 406 || status === 415)
    return { kind: "bad-request", remedy: "Send and accept application/json" };
  if (status === 409) return { kind: "conflict" };
  if (status === 413) return tooLarge();
  if (status === 414) {
    return {
      kind: "url-too-long",
      reason: "The address with its query is longer than 8,192 bytes",
      remedy: "Shorten the query or the list of fields, or split the query",
    };
  }
  if (status === 429) {
    return /rate limit/i.test(all) || "x-ratelimit-rule" in headers
      ? {
          kind: "rate-limit",
          reason:
            "A rate limit rule of the instance counts requests per hour, for all integrations of this user together",
          remedy:
            "Wait until the limit opens again, poll less often, or ask the administrator for a higher limit (Rate Limit Rules)",
          retryable: true,
        }
      : {
          kind: "busy",
          reason: "All places for integration calls on this node are taken and the queue is full",
          remedy: "Try again shortly, with fewer calls at a time",
          retryable: true,
        };
  }
  if (status === 502 || status === 503 || status === 504) {
    return {
      kind: "server",
      reason: "The instance restarts, is in maintenance or overloaded, or was reclaimed",
      remedy: "Try again in a few minutes; check that the instance opens in a browser",
      retryable: true,
    };
  }
  if (status >= 500) {
    return {
      kind: "server",
      remedy: "Try again; the administrator finds the cause in the instance's system log",
      retryable: true,
    };
  }
  return { kind: "bad-request" };
}

function forbidden(all: string, detail: string): Verdict {
  if (/Data Policy Exception/i.test(all)) {
    const labels = /mandatory:\s*([\s\S]+)$/i.exec(detail || all)?.[1] ?? "";
    const fields = labels
      .split(",")
      .map((label) => label.trim())
      .filter(Boolean);
    return {
      kind: "data-policy",
      fields,
      reason: "A data policy of this table makes fields mandatory for this change",
      remedy: fields.length ? `Give values for: ${fields.join(", ")}` : "Give values for the fields it names",
    };
  }
  const rule = /aborted by Business Rule '([^'^]*)/i.exec(all)?.[1];
  if (rule !== undefined) {
    return {
      kind: "business-rule",
      reason: `The business rule "${rule.trim()}" of the instance stopped this change`,
      remedy: /State Transition/i.test(rule)
        ? "Move the record through the states its model allows, one after the other"
        : "Check the values against this rule, or ask the administrator what it demands",
    };
  }
  if (/Missing required api access scope/i.test(all)) {
    return {
      kind: "scope",
      reason: "The OAuth application is restricted to scopes that do not cover this API",
      remedy: "Ask the administrator to add the API's auth scope to the application registry record",
    };
  }
  if (/Insufficient rights to query records/i.test(all)) {
    return {
      kind: "query-rights",
      reason:
        "The query or the order uses a column that the account may not read, or the table is closed to it",
      remedy:
        "Take the column out of the query, or ask the administrator for read access to the table and the column",
    };
  }
  const action = /ACL Exception (\w+) Failed/i.exec(all)?.[1]?.toLowerCase();
  if (action || /security constraints/i.test(all)) {
    return {
      kind: "acl",
      reason: `Access controls of the instance do not let this account ${action ?? "do this"} here`,
      remedy: `Ask the administrator for a role with ${action ?? "the"} access to this table (fields inherited from a parent table may need their own)`,
    };
  }
  return {
    kind: "forbidden",
    reason: "The account may not use this table or API",
    remedy:
      "Ask the administrator which role it needs. Where explicit roles are on, the account also needs snc_internal",
  };
}

function badRequest(all: string, message: string): Verdict {
  if (/^Invalid table/i.test(message)) {
    return {
      kind: "invalid-table",
      reason: "There is no table of this name, or its plugin is not active",
      remedy: "Use the table's name (incident, sc_req_item), not its label",
    };
  }
  if (/does not represent any resource/i.test(all)) return unknownPath();
  if (/Rejected large REST payload/i.test(all)) return tooLarge();
  if (/reading request|parse request|not valid JSON/i.test(all)) {
    return { kind: "bad-request", reason: "The body is not JSON that ServiceNow can read" };
  }
  return { kind: "bad-request", remedy: "Check the values against the message" };
}

function unknownPath(): Verdict {
  return {
    kind: "unknown-path",
    reason: "The instance does not have this API: the plugin is not active, or the path is wrong",
    remedy: "Check the path, and ask the administrator whether the plugin is installed and the API enabled",
  };
}

function tooLarge(): Verdict {
  return {
    kind: "too-large",
    reason: "The instance takes request bodies up to 10 MB (glide.rest.max_content_length)",
    remedy: "Send less at a time; send files through the attachment API as they are, not inside JSON",
  };
}
