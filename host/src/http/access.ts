import type { FastifyInstance, FastifyRequest } from "fastify";
import { HostError } from "../errors";
import type { Services } from "./services";
import { isServer, type Caller } from "./callers";
import { isFromOtherSite, isOwnOrigin, refuseForeignHost, refuseOutsideEndpoints } from "./origins";
import { sessionCookie } from "./session-cookie";

/** Before any route runs: the Host header, who calls, whether the route is for such callers, and that no other site made the browser send it. */
export function guardRoutes(app: FastifyInstance, services: Services): void {
  app.decorateRequest("caller", undefined);
  app.addHook("onRequest", async (request) => {
    refuseForeignHost(request, services.config);
    refuseOutsideEndpoints(request, services.config);
    const { callers } = request.routeOptions.config;
    if (request.is404 || callers?.includes("anybody")) return;
    const caller = await callerOf(request, services);
    if (!callers?.includes(caller.kind)) throw new HostError(403, refusalOf(caller));
    request.caller = caller;
  });
}

async function callerOf(request: FastifyRequest, services: Services): Promise<Caller> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const caller = bearer === undefined ? undefined : await bearerCaller(bearer, services);
    if (!caller)
      throw new HostError(
        401,
        "The bearer token is not valid, or has expired. Get a new one and send it again.",
      );
    refuseOtherOrigins(caller, request, services);
    return caller;
  }
  const session = await services.sessions.find(sessionCookie(request, services.config));
  if (!session)
    throw new HostError(
      401,
      "Sign in first: open the host's page with a sign-in link, or send a bearer token (docs/host.md).",
    );
  refuseForgery(request, session.id, services);
  return { kind: "page", user: "local", session: session.id };
}

async function bearerCaller(token: string, services: Services): Promise<Caller | undefined> {
  if (services.credentials.isKey(token)) return { kind: "operator" };
  if (services.credentials.isAccessToken(token)) return { kind: "server" };
  if (!token.startsWith("ctok_")) return undefined;
  const session = await services.connectTokens.find(token);
  return session && { kind: "connect", ...session };
}

/** A connect token that names origins is for pages of those only, and for the host's own connect page. */
function refuseOtherOrigins(caller: Caller, request: FastifyRequest, { config }: Services): void {
  const { origin } = request.headers;
  if (caller.kind !== "connect" || origin === undefined || caller.allowedOrigins.length === 0) return;
  if (!isOwnOrigin(origin, request, config) && !caller.allowedOrigins.includes(origin))
    throw new HostError(403, `This connect token is not for pages of ${origin.slice(0, 200)}.`);
}

/** A request with the page's cookie must come from the page: the browser's own headers, and for changes the token, say so. */
function refuseForgery(request: FastifyRequest, session: string, services: Services): void {
  if (isFromOtherSite(request, services.config))
    throw new HostError(403, "This request comes from another site.");
  if (request.method === "GET" || request.method === "HEAD") return;
  if (!services.encryption.isSignedBy(`csrf ${session}`, String(request.headers["x-csrf-token"] ?? "")))
    throw new HostError(403, "The x-csrf-token header is missing or old. Reload the page and try again.");
}

export function csrfToken(session: string, { encryption }: Services): string {
  return encryption.sign(`csrf ${session}`);
}

function refusalOf(caller: Caller): string {
  if (caller.kind === "connect")
    return "A connect token may not do this. It needs a server token or the operator's key.";
  if (caller.kind === "page")
    return "The page may not do this. It needs a server token or the operator's key.";
  return "This is for the operator's key only: the token in the host's credentials.json.";
}

/** The user a request is about: its own for page and connect token, any for a server. */
export function userOf({ caller }: Pick<FastifyRequest, "caller">, asked?: string): string {
  if (!caller) throw new HostError(401, "Sign in first.");
  const wanted = asked === "" ? undefined : asked;
  if (caller.kind === "operator" || caller.kind === "server") return wanted ?? "local";
  if (wanted !== undefined && wanted !== caller.user)
    throw new HostError(403, `This token is for another user than "${wanted.slice(0, 100)}".`);
  return caller.user;
}

/** The user whose things a request may touch, by its query; undefined for a server that names none and so means all. */
export function scopeOf(
  request: Pick<FastifyRequest, "caller"> & { query: { external_user_id?: string | undefined } },
): string | undefined {
  const asked = request.query.external_user_id;
  return isServer(request.caller) && !asked ? undefined : userOf(request, asked);
}
