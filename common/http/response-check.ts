import { type CallContext } from "./call-types";
import { ServiceNowError, type ErrorFacts } from "../errors";
import { MAYBE_DONE } from "./failures";
import { htmlPageError, htmlPageKind } from "./html-page-kind";
import { redact } from "./redact";
import type { TransportResponse } from "./transport";
import { classifyError } from "./classify-error";
import { movedTo } from "./moved";

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
  if (error || isFailed(parsed.value)) throw brokenOff(response, context, error);
  return parsed.value;
}

/** ServiceNow adds `status: "failure"` to a `result` it did not finish. */
function isFailed(body: unknown): boolean {
  return (
    typeof body === "object" && body !== null && "result" in body && Reflect.get(body, "status") === "failure"
  );
}

/** A `result` beside an `error` is what there was when the transaction ended: nobody knows what is missing. */
function brokenOff(
  response: TransportResponse,
  context: CallContext,
  error: ReturnType<typeof errorOf>,
): ServiceNowError {
  const secrets = context.secrets?.() ?? [];
  const message = redact([error?.message, error?.detail].filter(Boolean).join(": "), secrets);
  return cancelled(
    { ...base(response, context), serverMessage: message || undefined },
    `Could not ${context.operation}`,
  );
}

/**
 * True for a web page that is nobody's file: the page of a sleeping instance or of a sign-in has neither the headers of an attachment nor
 * those of a download.
 */
export function isPage({ headers }: TransportResponse): boolean {
  return (
    /^text\/html/i.test(headers["content-type"] ?? "") &&
    headers["x-attachment-metadata"] === undefined &&
    !/attachment|filename/i.test(headers["content-disposition"] ?? "")
  );
}

/** Same checks for an answer whose body is text, bytes or a stream; of a stream the status alone is judged. */
export function checkStatus(response: TransportResponse, context: CallContext): void {
  const { status, body } = response;
  const text = () =>
    body instanceof Uint8Array ? new TextDecoder().decode(body) : typeof body === "string" ? body : "";
  if (status === 202 && !context.anyAnswer) throw queued(response, context);
  if (status >= 300 && status < 400) throw redirected(response, context);
  if (status >= 400) {
    const parsed = parse(text());
    throw refused(response, context, parsed.ok ? parsed.value : undefined, text());
  }
  if (!isPage(response) || body instanceof ReadableStream) return;
  if (context.anyAnswer && htmlPageKind(text()) === "not-servicenow") return;
  throw notJson(response, context, text());
}

/** Seconds asked for by `Retry-After` (seconds or a date), or undefined. */
function retryAfterOf(headers: Record<string, string>, now: number): number | undefined {
  const text = headers["retry-after"]?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const date = Date.parse(text);
  if (Number.isNaN(date)) return undefined;
  // Measured on the server's clock where it told it.
  const serverNow = Date.parse(headers["date"] ?? "");
  return Math.max(0, (date - (Number.isNaN(serverNow) ? now : serverNow)) / 1000);
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
    what: `Could not ${context.operation}: ServiceNow answered 202, which means that the call waits behind others of the same session${context.idempotency === "not-idempotent" ? "" : " and was not carried out yet"}`,
    reason: "More than ten calls of one session were waiting, or one ran for very long",
    remedy: "Try again later, with fewer calls at a time",
    retryable: true,
    ...doubt(context),
  });
}

/** What is said instead of an advice to repeat, where a repetition could make a second. */
function doubt({ idempotency }: CallContext): { remedy?: string; retryable?: boolean } {
  return idempotency === "not-idempotent"
    ? { remedy: `${MAYBE_DONE.reason}. ${MAYBE_DONE.remedy}`, retryable: false }
    : {};
}

function redirected(response: TransportResponse, context: CallContext): ServiceNowError {
  const target = (response.headers["location"] ?? "").split("?")[0] ?? "";
  const moved = movedTo(target, context.path);
  if (moved !== undefined) {
    return new ServiceNowError({
      ...base(response, context),
      kind: "not-servicenow",
      what: `Could not ${context.operation}: the address answers that the instance is at ${moved}`,
      reason: "The name is an alias of the instance, and a sign-in does not follow to another address",
      remedy: `Use ${moved} as the instance name`,
    });
  }
  return htmlPageError("login.do", {
    ...base(response, context),
    what: `Could not ${context.operation}${target ? ` (redirected to ${target})` : ""}`,
  });
}

/** The error of an answer that is no JSON. */
export function notJson(response: TransportResponse, context: CallContext, text: string): ServiceNowError {
  const facts = base(response, context);
  const what = `Could not ${context.operation}`;
  const type = response.headers["content-type"] ?? "";
  if (/^\s*</.test(text) || /^text\/html/i.test(type)) return htmlPageError(text, { ...facts, what });
  if (/Transaction cancelled/i.test(text.slice(-4000))) return cancelled(facts, what);
  if (text.trim() === "") {
    return new ServiceNowError({
      ...facts,
      kind: "cut-off",
      what: `${what}: the answer is empty`,
      reason: "A busy instance or a proxy closed the answer before it was written",
      remedy: "Try again",
      retryable: true,
      ...doubt(context),
    });
  }
  if (!/json/i.test(type) && !/^\s*[[{]/.test(text)) return htmlPageError(text, { ...facts, what });
  return new ServiceNowError({
    ...facts,
    kind: "cut-off",
    what: `${what}: the answer breaks off in the middle (${text.length} characters)`,
    reason: "The connection ended early, or the instance stopped a transaction that took too long",
    remedy: "Ask for fewer records or fewer fields at a time",
    retryable: true,
    ...doubt(context),
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

function refused(
  response: TransportResponse,
  context: CallContext,
  body: unknown,
  text: string,
): ServiceNowError {
  const { status, headers } = response;
  const facts = base(response, context);
  const error = errorOf(body);
  const what = `Could not ${context.operation}`;
  if (!error && /^\s*</.test(text) && status < 500 && status !== 414 && status !== 429) {
    return htmlPageError(text, { ...facts, what: `${what} (HTTP ${status})` });
  }
  const secrets = context.secrets?.() ?? [];
  const message = redact(error?.message ?? "", secrets);
  const detail = redact(error?.detail ?? "", secrets);
  if (/Transaction cancelled/i.test(message))
    return cancelled({ ...facts, serverMessage: message, detail }, what);
  const said = [message, detail].filter(Boolean).join(": ").replace(/\s+/g, " ").replace(/[.]$/, "");
  const retryAfter = retryAfterOf(headers, Date.now());
  const classified = classifyError(status, message, detail, headers, context.scheme);
  // A gateway answers for an instance that may be at work still.
  if (status >= 500 && status !== 501) Object.assign(classified, doubt(context));
  return new ServiceNowError({
    ...facts,
    ...classified,
    what: `${what}: ServiceNow answered ${status}${said ? ` "${said}"` : ""}`,
    serverMessage: message || undefined,
    detail: detail || undefined,
    retryAfter,
    resetAt: resetOf(headers, retryAfter),
  });
}

function resetOf(headers: Record<string, string>, retryAfter: number | undefined): Date | undefined {
  const reset = Number(headers["x-ratelimit-reset"]);
  const ms = reset > 0 ? reset * 1000 : retryAfter === undefined ? NaN : Date.now() + retryAfter * 1000;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
