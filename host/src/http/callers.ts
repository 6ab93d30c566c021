import type { FastifyInstance, RouteOptions } from "fastify";

/**
 * Who sends a request: the operator with the key of the credentials file, a server with a token it got for the client id and secret,
 * the page with its session, or a browser with a connect token of one user.
 */
export type Caller =
  | { kind: "operator" }
  | { kind: "server" }
  | { kind: "page"; user: string; session: string }
  | { kind: "connect"; user: string; tokenHash: string; allowedOrigins: string[] };

export type CallerKind = Caller["kind"] | "anybody";

/** The sets of callers a route may declare. Page and connect token reach what belongs to their user, the others everything. */
export const callers = {
  /** No sign-in: the address itself, or what the request carries, is checked by the route. */
  anybody: ["anybody"],
  signedIn: ["operator", "server", "page", "connect"],
  servers: ["operator", "server"],
  /** The people who run the host: their key, or their page. */
  operators: ["operator", "page"],
  operator: ["operator"],
  page: ["page"],
} as const satisfies Record<string, readonly CallerKind[]>;

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** Who may call the route. Without it the server does not start. */
    callers?: readonly CallerKind[];
  }
}

/** A route as it was declared. */
export interface DeclaredRoute {
  method: string;
  path: string;
  callers: readonly CallerKind[];
}

/**
 * Collects the routes from now on. The list grows with each route.
 *
 * @throws Error when a route does not say who may call it.
 */
export function declareCallers(app: FastifyInstance): DeclaredRoute[] {
  const routes: DeclaredRoute[] = [];
  app.addHook("onRoute", (route: RouteOptions) => {
    // Browsers ask so before they send what another origin wants of them, without any credential.
    if (route.method === "OPTIONS") route.config = { ...route.config, callers: callers.anybody };
    const allowed = route.config?.callers;
    if (!allowed || allowed.length === 0)
      throw new Error(
        `The route ${String(route.method)} ${route.url} does not declare who may call it: give it config.callers (host/src/http/callers.ts).`,
      );
    for (const method of [route.method].flat())
      if (method !== "HEAD") routes.push({ method, path: route.url, callers: allowed });
  });
  return routes;
}

export function isServer(caller: Caller | undefined): boolean {
  return caller?.kind === "operator" || caller?.kind === "server";
}
