import type { Instance } from "../core/instance";
import { withCalls } from "../records/outbound";
import { errors } from "../core/errors";
import type { ApiRequest, ApiResponse, Handler, PathParams } from "./types";

/** Handles a request whose path fits the pattern; undefined for any other. */
type Matcher = (
  segments: string[],
) => ((request: ApiRequest) => ApiResponse | Promise<ApiResponse>) | undefined;

interface Route {
  method: string;
  matches: Matcher;
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

  on<Pattern extends string>(method: string, pattern: Pattern, handler: Handler<PathParams<Pattern>>): void {
    const segments = pattern.split("/");
    const [key = ""] = segments;
    const matches: Matcher = (given) => {
      const params = match<Pattern>(segments, given);
      return params && ((request) => handler(request, params));
    };
    const routes = this.#routes.get(key);
    if (routes) routes.push({ method, matches });
    else this.#routes.set(key, [{ method, matches }]);
  }

  /**
   * @throws ApiError for an unknown path or a method the path does not take
   */
  async dispatch(request: ApiRequest, { segments }: ApiPath): Promise<ApiResponse> {
    const method = request.method === "HEAD" ? "GET" : request.method;
    let knownPath = false;
    for (const route of this.#routes.get(segments[0] ?? "") ?? []) {
      const handle = route.matches(segments);
      if (!handle) continue;
      knownPath = true;
      if (route.method === method) return withCalls(this.instance, request.session, () => handle(request));
    }
    if (knownPath) throw errors.methodNotSupported();
    throw errors.noResource(this.instance.config.unknownUriStatus);
  }
}

/** The parameters of a pattern, which are there once every segment fits. */
function match<Pattern extends string>(pattern: string[], given: string[]): PathParams<Pattern> | undefined {
  if (pattern.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, wanted] of pattern.entries()) {
    const segment = given[at] ?? "";
    if (wanted.startsWith(":")) {
      if (segment === "") return undefined;
      params[wanted.slice(1)] = segment;
    } else if (wanted !== segment) return undefined;
  }
  return params as PathParams<Pattern>;
}
