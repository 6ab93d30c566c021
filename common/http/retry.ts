import type { HttpMethod } from "./transport";
import type { ServiceNowError } from "../errors";

/** How failed calls are repeated. */
export interface RetryPolicy {
  /** Repetitions after the first try. @default 3 */
  retries: number;
  /** The first wait is random between 0 and this, and the range doubles each time. @default 500 */
  baseMs: number;
  /** The longest wait of our own. @default 20000 */
  maxDelayMs: number;
  /** Longest `Retry-After` that is waited out; beyond it the call fails at once and says when to come back. @default 60000 */
  maxRetryAfterMs: number;
}

/** The policy of a client that is told nothing. */
export const RETRY: RetryPolicy = { retries: 3, baseMs: 500, maxDelayMs: 20_000, maxRetryAfterMs: 60_000 };

/**
 * May the call be sent twice?
 * - `idempotent`: reads, deletes, and writes that set values: the second time changes nothing more
 * - `not-idempotent`: creates, and writes that append to a journal: only when the first surely was not carried out
 */
export type Idempotency = "idempotent" | "not-idempotent";

/** Columns whose every write adds an entry. Own journal columns are named by the caller. */
export const JOURNAL_COLUMNS: readonly string[] = [
  "comments",
  "work_notes",
  "comments_and_work_notes",
  "additional_comments",
  "approval_history",
];

/** Judges a call by its method and body. A column of the customer's own that sounds like a journal counts as one. */
export function idempotencyOf(
  method: HttpMethod,
  body: unknown,
  journalColumns: readonly string[] = [],
): Idempotency {
  if (method === "GET" || method === "HEAD" || method === "DELETE") return "idempotent";
  if (method === "POST") return "not-idempotent";
  if (typeof body !== "object" || body === null) return "not-idempotent";
  const appends = Object.keys(body).some(
    (key) =>
      JOURNAL_COLUMNS.includes(key) ||
      journalColumns.includes(key) ||
      /^(u|x)_.*(note|comment|journal)/.test(key),
  );
  return appends ? "not-idempotent" : "idempotent";
}

/** True when the same call may be sent again after this failure. */
export function mayRepeat(error: ServiceNowError, idempotency: Idempotency): boolean {
  switch (error.kind) {
    case "rate-limit":
      return true;
    case "busy":
      // A 429 was turned away at the door; a 202 may still be carried out.
      return error.status === 429 || idempotency === "idempotent";
    case "network":
    case "timeout":
      return idempotency === "idempotent" || error.unsent;
    case "cut-off":
      return idempotency === "idempotent";
    case "server":
      return idempotency === "idempotent" && [502, 503, 504].includes(error.status ?? 0);
    default:
      return false;
  }
}

/** True when the call may have been carried out although it failed. */
export function maybeDone(error: ServiceNowError): boolean {
  if (error.unsent) return false;
  if (error.kind === "server") return error.status !== 501;
  if (error.kind === "busy") return error.status === 202;
  return ["network", "timeout", "cut-off", "incomplete"].includes(error.kind);
}

/**
 * Milliseconds to wait before repetition `attempt` (0 for the first), or null when the instance asks for a longer wait than
 * the policy allows. Full jitter; with `Retry-After` at least that long, and up to a tenth more.
 */
export function delayBefore(
  attempt: number,
  error: ServiceNowError,
  policy: RetryPolicy,
  random: () => number = Math.random,
): number | null {
  const own = random() * Math.min(policy.maxDelayMs, policy.baseMs * 2 ** attempt);
  const asked = (error.retryAfter ?? 0) * 1000;
  if (asked > policy.maxRetryAfterMs) return null;
  // "Now", or a date that has passed, does not mean: as fast as you can.
  return asked > 0 ? asked * (1 + random() * 0.1) : own;
}
