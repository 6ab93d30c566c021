import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { HostError } from "../errors";
import type { Services } from "./services";
import { isLoopbackAddress, isLoopbackName } from "../loopback";
import { cookieName, csrfToken, readSession } from "./session";

/** Who sends a request: the page, a server with the bearer token, or a browser with a connect token for one user. */
export type Caller =
  | { kind: "server" }
  | { kind: "page"; user: string; session: string }
  | { kind: "connect"; user: string; tokenHash: string; allowedOrigins: string[] };

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** The route answers without session or token; it checks for itself what it must. */
    open?: boolean;
  }
}

/** Host header, origin, session, bearer and forgery checks, before any route runs. */
export function guardRoutes(app: FastifyInstance, services: Services): void {
  app.decorateRequest("caller", undefined);
  app.addHook("onRequest", async (request, reply) => {
    checkHostHeader(request, services);
    if (request.url.startsWith("/v1/")) allowCrossOrigin(request, reply);
    if (request.method === "OPTIONS" && request.url.startsWith("/v1/")) return reply.code(204).send();
    if (request.routeOptions.config.open || request.is404) return;
    request.caller = await callerOf(request, services);
  });
}

/** A name that is not ours in the Host header means that a foreign site's name was pointed at this machine. */
function checkHostHeader(request: FastifyRequest, { config }: Services): void {
  const name = hostName(request.headers.host ?? "");
  const own = new Set([
    ...config.allowedHosts,
    config.host,
    ...(config.publicUrl ? [new URL(config.publicUrl).hostname] : []),
  ]);
  if (isLoopbackName(name) || own.has(name)) return;
  throw new HostError(
    421,
    `This host does not answer to the name "${name.slice(0, 100)}". Open it by its own address, or name it in PUBLIC_URL or ALLOWED_HOSTS.`,
  );
}

export function hostName(header: string): string {
  return header.replace(/:\d+$/, "").toLowerCase();
}

/** Other origins may use the API with a bearer token. No cookie comes with such a request, since credentials are not allowed. */
function allowCrossOrigin(request: FastifyRequest, reply: FastifyReply): void {
  const origin = request.headers.origin;
  if (!origin) return;
  reply.header("access-control-allow-origin", origin);
  reply.header("vary", "origin");
  reply.header("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
  reply.header(
    "access-control-allow-headers",
    request.headers["access-control-request-headers"] ?? "authorization, content-type, x-pd-environment",
  );
  reply.header("access-control-max-age", "600");
}

async function callerOf(request: FastifyRequest, services: Services): Promise<Caller> {
  const bearer = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (bearer !== undefined) {
    const caller = await bearerCaller(bearer, services);
    if (!caller)
      throw new HostError(401, "The bearer token is not valid, or is over. Get a new one and send it again.");
    const origin = request.headers.origin;
    if (
      caller.kind === "connect" &&
      origin &&
      !isOwn(origin, request) &&
      caller.allowedOrigins.length > 0 &&
      !caller.allowedOrigins.includes(origin)
    )
      throw new HostError(403, `This connect token is not for pages of ${origin}.`);
    return caller;
  }
  const session = readSession(request.cookies[cookieName(request)], services.encryption);
  if (session === undefined)
    throw new HostError(401, "Sign in first: open the host's page, or send a bearer token (docs/host.md).");
  refuseForgery(request, session, services);
  return { kind: "page", user: "local", session };
}

async function bearerCaller(token: string, services: Services): Promise<Caller | undefined> {
  if (services.credentials.isServerToken(token)) return { kind: "server" };
  if (!token.startsWith("ctok_")) return undefined;
  const session = await services.connectTokens.find(token);
  return session && { kind: "connect", ...session };
}

/** A request with the page's cookie must come from the page: the browser's own headers, and for changes the token, say so. */
function refuseForgery(request: FastifyRequest, session: string, services: Services): void {
  const site = request.headers["sec-fetch-site"];
  const origin = request.headers.origin;
  const foreign =
    (site !== undefined && site !== "same-origin" && site !== "none") ||
    (origin !== undefined && !isOwn(origin, request));
  if (foreign) throw new HostError(403, "This request comes from another site.");
  if (request.method === "GET" || request.method === "HEAD") return;
  if (request.headers["x-csrf-token"] !== csrfToken(session, services.encryption))
    throw new HostError(403, "The x-csrf-token header is missing or old. Reload the page and try again.");
}

function isOwn(origin: string, request: FastifyRequest): boolean {
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}

/** Whether the page may be had without the key: the browser is on this machine and knows it by a loopback name. */
export function isLocalBrowser(request: FastifyRequest): boolean {
  return (
    isLoopbackAddress(request.socket.remoteAddress) && isLoopbackName(hostName(request.headers.host ?? ""))
  );
}

/** The user a request is about: its own for page and connect token, any for a server. */
export function userOf(request: FastifyRequest, asked?: unknown): string {
  const caller = request.caller;
  if (!caller) throw new HostError(401, "Sign in first.");
  const wanted = typeof asked === "string" && asked !== "" ? asked : undefined;
  if (caller.kind === "server") return wanted ?? "local";
  if (wanted !== undefined && wanted !== caller.user)
    throw new HostError(403, `This token is for another user than "${wanted}".`);
  return caller.user;
}

/** The user whose things a request may touch, by its query; undefined for a server that names none and so means all. */
export function scopeOf(request: FastifyRequest): string | undefined {
  const { external_user_id } = request.query as { external_user_id?: unknown };
  return request.caller?.kind === "server" && !external_user_id
    ? undefined
    : userOf(request, external_user_id);
}
