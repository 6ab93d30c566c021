import type { AppDescription } from "./description";
import { fillHeader } from "./placeholders";

/**
 * The headers with which a request for an account goes out: those that carry its credentials, and `more`.
 *
 * @throws HostError 422 when a field that a header needs is missing.
 */
export function requestHeaders(
  { auth, request_headers }: AppDescription,
  values: Record<string, string>,
  more: Record<string, string> = {},
): Record<string, string> {
  const own = request_headers ?? (auth === "oauth" ? { authorization: "Bearer {oauth_access_token}" } : {});
  const headers: Record<string, string> = {};
  for (const [name, template] of [...Object.entries(more), ...Object.entries(own)])
    headers[name.toLowerCase()] = fillHeader(template, values);
  return headers;
}
