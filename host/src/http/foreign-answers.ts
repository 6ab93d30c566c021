import type { FastifyReply, FastifyRequest } from "fastify";
import { HostError } from "../errors";

/**
 * Answers whose content somebody else made: a source, a workflow, a file of a run, an account's own server. They come from the page's
 * origin, so they must not act as the page.
 */

/** No script, no form and no frame of such an answer runs, and the browser gives it an origin of its own. */
const SANDBOX =
  "sandbox; default-src 'none'; img-src data: https:; style-src 'unsafe-inline'; frame-ancestors 'none'";

/**
 * What such an answer may say in its headers. Left out are those that act on the whole origin (`set-cookie`, `clear-site-data`,
 * `strict-transport-security`, `service-worker-allowed`, policies) and those that a server in front obeys (`x-accel-redirect`, `x-sendfile`).
 */
const ALLOWED_HEADERS = new Set([
  "accept-ranges",
  "access-control-allow-headers",
  "access-control-allow-methods",
  "access-control-allow-origin",
  "access-control-expose-headers",
  "access-control-max-age",
  "allow",
  "cache-control",
  "content-disposition",
  "content-language",
  "content-type",
  "etag",
  "expires",
  "last-modified",
  "location",
  "retry-after",
  "vary",
  "www-authenticate",
  // Receivers of webhooks prove with these that they are who was asked.
  "x-correlation-id",
  "x-hook-secret",
  "x-hub-signature",
  "x-hub-signature-256",
  "x-request-id",
]);

/** The headers of a foreign answer that are passed on: known names, and values that are one line of text. */
export function allowedHeaders(headers: Record<string, unknown>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = typeof value === "number" ? String(value) : value;
    if (!ALLOWED_HEADERS.has(name.toLowerCase()) || typeof text !== "string") continue;
    if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) kept[name.toLowerCase()] = text;
  }
  return kept;
}

/** Makes an answer one that cannot act as the page. To be called after its own headers are set. */
export function confine(reply: FastifyReply): FastifyReply {
  return reply
    .header("content-security-policy", SANDBOX)
    .header("x-content-type-options", "nosniff")
    .header("x-frame-options", "DENY");
}

/**
 * The page's policy allows scripts and styles of its own origin. An address with foreign content must not be used as one, nor as a worker.
 *
 * @throws HostError 403
 */
export function refuseAsPartOfThePage(request: FastifyRequest): void {
  const purpose = request.headers["sec-fetch-dest"] ?? "empty";
  const isPart = purpose !== "document" && purpose !== "empty";
  if (
    request.headers["service-worker"] !== undefined ||
    (isPart && request.headers["sec-fetch-site"] === "same-origin")
  )
    throw new HostError(
      403,
      `This address may not be used as a ${String(purpose).slice(0, 20)} of the host's page.`,
    );
}

/** Whether a status is one that an answer may have. */
export function isStatus(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 200 && value <= 599;
}
