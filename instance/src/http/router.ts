import type { Instance } from "../core/instance";
import { withCalls } from "../records/outbound";
import { errors } from "../core/errors";
import type { ApiRequest, ApiResponse, Handler } from "./types";

interface Route {
  method: string;
  segments: string[];
  handler: Handler;
}

/** Path of an API call without its version: `now/table/incident`, and the version if there is one. */
export interface ApiPath {
  segments: string[];
  version: string | undefined;
}

/** Undefined when the path is no API path or cannot be decoded. */
export function readApiPath(path: string): ApiPath | undefined {
  if (!path.startsWith("/api/")) return undefined;
  let segments: string[];
  try {
    segments = path.slice("/api/".length).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
  // Doubled and trailing slashes say nothing.
  segments = segments.filter((segment) => segment !== "");
  const version = /^v\d{1,2}$/.test(segments[1] ?? "") ? segments[1] : undefined;
  if (version) segments.splice(1, 1);
  return { segments, version };
}

/** Finds the handler of an API call. Patterns are written without version, parameters with a colon. */
export class Router {
  readonly #routes = new Map<string, Route[]>();

  constructor(readonly instance: Instance) {}

  on(method: string, pattern: string, handler: Handler): void {
    const segments = pattern.split("/");
    const key = segments[0]!;
    const route = { method, segments, handler };
    const routes = this.#routes.get(key);
    if (routes) routes.push(route);
    else this.#routes.set(key, [route]);
  }

  /**
   * @throws ApiError for an unknown path or a method the path does not take
   */
  async dispatch(request: ApiRequest, { segments }: ApiPath): Promise<ApiResponse> {
    const method = request.method === "HEAD" ? "GET" : request.method;
    let knownPath = false;
    for (const route of this.#routes.get(segments[0] ?? "") ?? []) {
      const params = match(route.segments, segments);
      if (!params) continue;
      knownPath = true;
      if (route.method === method)
        return withCalls(this.instance, request.session, () => route.handler(request, params));
    }
    if (knownPath) throw errors.methodNotSupported();
    throw errors.noResource(this.instance.config.unknownUriStatus);
  }
}

function match(pattern: string[], segments: string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (let at = 0; at < pattern.length; at += 1) {
    const wanted = pattern[at]!;
    const given = segments[at]!;
    if (wanted.startsWith(":")) {
      if (given === "") return undefined;
      params[wanted.slice(1)] = given;
    } else if (wanted !== given) return undefined;
  }
  return params;
}
