import { randomBytes } from "node:crypto";
import type { Server as HttpServer } from "node:http";
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyHttpOptions,
} from "fastify";
import { legacyPath } from "../apis/legacy-json";
import { exportPath } from "../apis/list-exports";
import { expandTiny } from "../http/tiny-url";
import { registerApis } from "../apis/register";
import type { Instance } from "../core/instance";
import { controlRoutes } from "./control";
import { answerWithFaults, faultsOf, type FaultEffects } from "./apply-faults";
import { ApiError, errors } from "../core/errors";
import { authenticate, type Authenticated } from "../auth/authenticate";
import { RateLimiter } from "./rate-limiter";
import { refuseConnection, urlTooLarge } from "../http/refusals";
import { readBody } from "../http/read-body";
import { readApiPath, Router, type ApiPath } from "../http/router";
import { Sessions, sessionCookies } from "../auth/sessions";
import { html, json, type ApiRequest } from "../http/types";
import { jsonToXml } from "../http/xml";
import { loadSandbox } from "../records/sandbox";
import { Codes } from "../auth/authorize";
import { oauthRoutes, type PageRequest, type PageResponse } from "../auth/routes";
import { people } from "../pages/people";

const staticHeaders = {
  Server: "ServiceNow",
  Pragma: "no-store,no-cache",
  "Cache-Control": "no-cache,no-store,must-revalidate,max-age=-1",
  Expires: "0",
  "Server-Timing": "sem_wait;dur=0, sesh_wait;dur=0",
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
};

/** A certificate and its key, both PEM. */
export interface Tls {
  cert: Buffer;
  key: Buffer;
}

/** The HTTP side of an instance. Not listening yet. */
export function buildServer(
  instance: Instance,
  options: { control: boolean; tls?: Tls | undefined },
): FastifyInstance {
  // Room for a longer URL than the switch allows at first, and less than what is read at once.
  const reading = { maxHeaderSize: 40_000 };
  const settings: FastifyHttpOptions<HttpServer> = {
    logger: false,
    trustProxy: false,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    exposeHeadRoutes: false,
    requestTimeout: 300_000,
    // Fastify types the two kinds of server apart; nothing here depends on which it is.
    ...(options.tls ? ({ https: { ...reading, ...options.tls } } as object) : { http: reading }),
    clientErrorHandler: refuseConnection,
    // A path that cannot be decoded is answered like any other that is not there.
    frameworkErrors: (_error, request, reply) => void handle(server, request, reply),
  };
  const app = Fastify(settings);
  const sessions = new Sessions(() => instance.clock.now());
  const codes = new Codes();
  const router = new Router(instance);
  const rateLimiter = new RateLimiter(instance);
  registerApis(instance, router);

  app.addHook("onReady", loadSandbox);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.setErrorHandler((error, request, reply) => {
    // A Content-Type that is no media type, which Fastify refuses before anyone is asked who he is.
    if ((error as { statusCode?: number }).statusCode === 415) return handle(server, request, reply);
    console.error("The instance failed on a request:", error);
    return send(instance, reply, json(500, new ApiError(500, "Internal server error").body()));
  });
  app.setNotFoundHandler((request, reply) => handle(server, request, reply));
  const server: Server = { instance, sessions, codes, router, rateLimiter, control: options.control };
  app.route({
    method: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
    url: "/*",
    handler: (request, reply) => handle(server, request, reply),
  });
  return app;
}

interface Server {
  instance: Instance;
  sessions: Sessions;
  codes: Codes;
  router: Router;
  rateLimiter: RateLimiter;
  control: boolean;
}

async function handle(server: Server, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { instance } = server;
  const started = performance.now();
  const url = (request.raw.url ?? "/").replace(/^https?:\/\/[^/]*/i, "");
  const at = url.indexOf("?");
  const path = at < 0 ? url : url.slice(0, at);
  const rawQuery = at < 0 ? "" : url.slice(at + 1);
  const headers = request.headers as Record<string, string>;
  const method = overridden(request.method, headers);

  if (server.control && path.startsWith("/control/")) {
    const body = await readBody(request.raw, 1_000_000);
    return send(instance, reply, controlRoutes(instance, method, path, body));
  }
  instance.lateCommits.settle();
  const query = new URLSearchParams(rawQuery);
  const effects: FaultEffects = faultsOf(instance, { method, path, query: rawQuery, headers });
  let who: Authenticated | undefined;
  let response: PageResponse;
  try {
    const legacy = legacyPath(path, query) ?? exportPath(path, query);
    const isApi = path.startsWith("/api/") || legacy !== undefined;
    const works = isApi && !effects.response && !effects.resetBefore;
    if (!works) await pause(effects.delayMs);
    if (effects.resetBefore) {
      request.raw.socket.destroy();
      return reply.hijack();
    }
    if (url.length > instance.config.maxUrlBytes) response = html(414, urlTooLarge);
    else if (effects.response) response = effects.response;
    else if (isApi) {
      who = authenticate(instance, server.sessions, headers, query);
      response = await callApi(server, request, {
        method,
        url,
        path,
        query,
        headers,
        who,
        effects,
        apiPath: legacy ?? readApiPath(path),
      });
    } else {
      const body = await readBody(request.raw, instance.config.maxBodyBytes);
      const cookie = server.sessions.fromCookies(headers.cookie);
      const asked: PageRequest = { method, path, rawQuery, query, headers, body, cookie };
      response =
        (await oauthRoutes(instance, server.sessions, server.codes, asked)) ??
        people(instance, asked) ??
        html(
          404,
          "<html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>",
        );
    }
  } catch (error) {
    if (!(error instanceof ApiError)) {
      if ((error as { code?: string }).code === "ECONNRESET") return reply.hijack();
      console.error("The instance failed on a request:", error);
    }
    const refused = error instanceof ApiError ? error : new ApiError(500, "Internal server error");
    response = json(refused.status, refused.body(), refused.headers);
    if (refused.status === 413) response.headers.Connection = "close";
  }
  instance.log.push({
    time: instance.clock.now(),
    method,
    url: path.startsWith("/oauth")
      ? path
      : url.slice(0, 400).replace(/(access_token|x-sn-apikey)=[^&]*/g, "$1=…"),
    status: response.status,
    user: who?.user.userName ?? "",
    milliseconds: Math.round(performance.now() - started),
    faults: effects.ids,
  });
  if (instance.log.length > 300) instance.log.splice(0, 100);
  if (who && !who.cookie) response.cookies = sessionCookies(server.sessions.create(who.user.sysId));
  if (request.method === "HEAD") response = { ...response, body: "" };
  if (/\bxml\b/.test(headers.accept ?? "") && !/json|html|\*\/\*/.test(headers.accept ?? "")) toXml(response);
  return answerWithFaults(effects, request, reply, response, (answer) =>
    send(instance, reply, answer, effects.dateSkewSeconds),
  );
}

async function callApi(
  server: Server,
  request: FastifyRequest,
  call: {
    method: string;
    url: string;
    path: string;
    query: URLSearchParams;
    headers: Record<string, string>;
    who: Authenticated;
    effects: FaultEffects;
    apiPath: ApiPath | undefined;
  },
): Promise<PageResponse> {
  const { instance, router, rateLimiter } = server;
  const { method, url, path, query, headers, who, effects, apiPath } = call;
  if (!apiPath) throw errors.noResource(instance.config.unknownUriStatus);
  const limits = rateLimiter.admit(who, path);
  const release = await rateLimiter.enter(who);
  try {
    // A slow transaction holds its semaphore and its session.
    await pause(effects.delayMs);
    const isAttachment = apiPath.segments[1] === "attachment";
    const limit = isAttachment ? instance.config.attachmentMaxBytes + 100_000 : instance.config.maxBodyBytes;
    const body = await readBody(request.raw, limit);
    checkAccept(headers.accept);
    const asked: ApiRequest = {
      method,
      url,
      path,
      version: apiPath.version,
      query: expandTiny(instance, query),
      headers,
      body,
      session: {
        user: who.user,
        version: apiPath.version,
        commitDelaySeconds: effects.commitDelaySeconds,
        hideRows: effects.hideRows,
      },
    };
    const response: PageResponse = await router.dispatch(asked, apiPath);
    Object.assign(response.headers, limits, { "X-Is-Logged-In": "true" });
    addSessionMessages(headers, response);
    return response;
  } finally {
    release();
  }
}

/** The block that clients ask for by header; nothing is ever logged into it here. */
function addSessionMessages(headers: Record<string, string>, response: PageResponse): void {
  const wants = (name: string): boolean => headers[name]?.toLowerCase() === "true";
  const session = {
    ...(wants("x-wantsessiondebugmessages") ? { debug_logs: [] } : {}),
    ...(wants("x-wantsessionnotificationmessages") ? { notifications: [] } : {}),
  };
  const { body } = response;
  if (Object.keys(session).length > 0 && typeof body === "string" && body.startsWith('{"'))
    response.body = `${body.slice(0, -1)},"session":${JSON.stringify(session)}}`;
}

async function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((done) => setTimeout(done, milliseconds));
}

function overridden(method: string, headers: Record<string, string>): string {
  const wanted = headers["x-http-method-override"]?.toUpperCase();
  return method === "POST" && wanted && /^(GET|PUT|PATCH|DELETE)$/.test(wanted) ? wanted : method;
}

function checkAccept(accept: string | undefined): void {
  if (!accept || /json|xml|\*|octet|image|text\/plain|pdf/i.test(accept)) return;
  throw accept.includes("/") ? errors.notAcceptable() : errors.badRequest("Invalid Accept header");
}

function toXml(response: PageResponse): void {
  if (typeof response.body !== "string" || response.body === "") return;
  if (!response.headers["Content-Type"]?.startsWith("application/json")) return;
  response.body = jsonToXml(response.body);
  response.headers["Content-Type"] = "application/xml;charset=UTF-8";
}

/** Writes the answer past Fastify, which would put the names of headers in lower case: some clients look for them as they are. */
function send(
  instance: Instance,
  reply: FastifyReply,
  response: PageResponse,
  dateSkewSeconds = 0,
): FastifyReply {
  const { status, body, cookies } = response;
  reply.hijack();
  const headers: Record<string, string | string[] | number> = {
    ...staticHeaders,
    Date: new Date(instance.clock.now() + dateSkewSeconds * 1000).toUTCString(),
    "X-Transaction-ID": randomBytes(6).toString("hex"),
    ...response.headers,
  };
  if (cookies?.length) headers["Set-Cookie"] = cookies;
  const { raw } = reply;
  if (typeof body === "string" || Buffer.isBuffer(body)) {
    if (status !== 204) headers["Content-Length"] = Buffer.byteLength(body);
    raw.writeHead(status, headers).end(body);
  } else {
    raw.writeHead(status, headers);
    body.on("error", () => raw.destroy()).pipe(raw);
  }
  return reply;
}
