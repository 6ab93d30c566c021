import type { DeclaredRoute } from "../../../host/src/http/callers";
import type { Headers } from "../../host/callers";
import { Random } from "./random";

export interface Fuzzed {
  method: string;
  path: string;
  headers: Headers;
  body?: string;
}

const TEXTS = [
  "",
  "x",
  "0",
  "-1",
  "1e400",
  "null",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "💥",
  "../../../etc/passwd",
  "%00",
  "%2e%2e%2f",
  "' or 1=1 --",
  "{{7*7}}",
  "__proto__",
  "constructor",
  "https://user:secret@example.com/",
  "javascript:alert(1)",
  "http://[::1",
  "x".repeat(5000),
  "conformance-counter",
  "conformance-echo",
] as const;
const NAMES = [
  "id",
  "external_user_id",
  "configured_props",
  "dynamic_props_id",
  "prop_name",
  "page",
  "query",
  "prev_context",
  "app",
  "app_slug",
  "cfmap_json",
  "fields",
  "name",
  "account_id",
  "webhook_url",
  "webhook_urls",
  "workflow_ids",
  "active",
  "expires_in",
  "allowed_origins",
  "webhook_uri",
  "grant_type",
  "client_id",
  "client_secret",
  "limit",
  "after",
  "n",
  "q",
  "s3_key",
  "token",
  "code",
  "state",
  "__proto__",
] as const;

/** The request that a seed stands for: one of the routes, a caller's headers, and parts of every kind that is wrong somewhere. */
export function fuzzedRequest(seed: number, routes: DeclaredRoute[], callers: Headers[]): Fuzzed {
  const random = new Random(seed);
  const route = random.of(routes);
  const path = route.path
    .replace(":project_id", "local")
    .replace(/:\w+|\*/g, () => encoded(random, random.of(TEXTS)) || "x");
  const query = Array.from({ length: random.below(4) }, () => {
    const name = random.of(NAMES);
    return `${name}${random.below(8) === 0 ? "[]" : ""}=${encoded(random, random.of(TEXTS))}`;
  });
  const hasBody = route.method !== "GET" && random.below(10) > 0;
  return {
    method: route.method,
    path: path.slice(0, 8000) + (query.length > 0 ? `?${query.join("&").slice(0, 6000)}` : ""),
    headers: {
      ...callers[random.below(callers.length)],
      ...(hasBody ? { "content-type": contentType(random) } : {}),
    },
    ...(hasBody ? { body: bodyOf(random) } : {}),
  };
}

function contentType(random: Random): string {
  return random.below(8) > 0
    ? "application/json"
    : random.of([
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "x",
        "application/json; charset=utf-16",
      ]);
}

function bodyOf(random: Random): string {
  switch (random.below(12)) {
    case 0:
      return "[".repeat(20_000);
    case 1:
      return `{"id":${'{"a":'.repeat(300)}1${"}".repeat(300)}}`;
    case 2:
      return JSON.stringify(valueOf(random, 0)).slice(0, random.below(200));
    case 3:
      return `[${"1,".repeat(random.below(300_000))}1]`;
    default:
      return JSON.stringify(
        Object.fromEntries(
          Array.from({ length: 1 + random.below(6) }, () => [random.of(NAMES), valueOf(random, 0)]),
        ),
      );
  }
}

function valueOf(random: Random, depth: number): unknown {
  switch (random.below(depth > 3 ? 6 : 8)) {
    case 0:
      return random.of([0, -1, 1.5, 1e308, -1e308, 2 ** 53 + 1, 1e20]);
    case 1:
      return random.of([true, false, null]);
    case 6:
      return Array.from({ length: random.below(5) }, () => valueOf(random, depth + 1));
    case 7:
      return Object.fromEntries(
        Array.from({ length: random.below(5) }, () => [random.of(TEXTS), valueOf(random, depth + 1)]),
      );
    default:
      return random.of(TEXTS);
  }
}

/** As it may stand in an address: mostly encoded, sometimes broken. */
function encoded(random: Random, text: string): string {
  const safe = encodeURIComponent(text.replace("\ud800", "")).slice(0, 3000);
  return random.below(12) === 0 ? `${safe}%zz` : safe;
}
