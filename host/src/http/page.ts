import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { HostError } from "../errors";
import type { Services } from "./services";
import { isLocalBrowser } from "./access";
import { cookieName, csrfToken, newSession, readSession } from "./session";

export const VERSION = "0.1.0";

/** The policy of the host's pages; `ancestors` are the sites that may show them in a frame. */
export function contentSecurityPolicy(ancestors: string): string {
  return `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ${ancestors}`;
}

const keyBody = z.object({ key: z.string() });

/** Address the browser used to reach the host, without a trailing slash. */
export function originOf(request: FastifyRequest, { config }: Services): string {
  return config.publicUrl ?? `http://${request.headers.host}`;
}

/** The page, its files and its session. */
export function pageRoutes(app: FastifyInstance, services: Services): void {
  const { config, encryption, credentials } = services;

  app.addHook("onSend", async (request, reply) => {
    reply.header("x-content-type-options", "nosniff");
    reply.header("referrer-policy", "no-referrer");
    if (!reply.hasHeader("content-security-policy")) {
      reply.header("content-security-policy", contentSecurityPolicy("'none'"));
      reply.header("x-frame-options", "DENY");
    }
    if (!reply.hasHeader("cache-control") && !request.url.startsWith("/assets/"))
      reply.header("cache-control", "no-store");
  });

  /** A valid session as it is; a new one for a browser on this machine; otherwise none. */
  const sessionFor = (request: FastifyRequest, reply: FastifyReply): string | undefined => {
    const present = readSession(request.cookies[cookieName(request)], encryption);
    if (present !== undefined) return present;
    return isLocalBrowser(request) && !config.requireKey ? startSession(request, reply) : undefined;
  };
  const startSession = (request: FastifyRequest, reply: FastifyReply): string => {
    const session = newSession(encryption);
    reply.setCookie(cookieName(request), session, {
      path: "/",
      httpOnly: true,
      sameSite: "strict",
      secure: config.publicUrl?.startsWith("https:") ?? false,
      maxAge: 30 * 24 * 3600,
    });
    return readSession(session, encryption)!;
  };
  const refuseOtherSites = (request: FastifyRequest): void => {
    const site = request.headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin" && site !== "none")
      throw new HostError(403, "This request comes from another site.");
  };

  const serveIndex = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    sessionFor(request, reply);
    const file = join(config.webDir, "index.html");
    if (!existsSync(file))
      return reply.type("text/plain").send("The page is not built. Run: npm run build\n");
    return reply.type("text/html; charset=utf-8").send(await readFile(file));
  };
  app.get("/", { config: { open: true } }, serveIndex);

  app.get("/api/session", { config: { open: true } }, async (request, reply) => {
    refuseOtherSites(request);
    const session = sessionFor(request, reply);
    if (session === undefined)
      return reply.code(401).send({
        error: `Enter the host's key. It is the "token" in the file credentials.json of its data folder.`,
        needs_key: true,
      });
    return {
      csrf_token: csrfToken(session, encryption),
      version: VERSION,
      redirect_uri: `${originOf(request, services)}/connect/callback`,
    };
  });

  app.post("/api/session", { config: { open: true } }, async (request, reply) => {
    refuseOtherSites(request);
    if (!credentials.isKey(keyBody.parse(request.body).key))
      throw new HostError(401, "This is not the host's key.");
    const session = startSession(request, reply);
    return { csrf_token: csrfToken(session, encryption), version: VERSION };
  });

  void app.register(fastifyStatic, { root: config.webDir, serve: false });

  // Files of the page and its addresses; they hold nothing secret, and the page asks for its session itself.
  app.setNotFoundHandler(async (request, reply) => {
    const path = decodeURIComponent(request.url.split("?")[0]!).slice(1);
    if (request.method === "GET" && isFileOf(config.webDir, path))
      return reply.header("cache-control", "public, max-age=3600").sendFile(path);
    const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    if (wantsPage && !/^\/(api|v1|http|connect)\//.test(request.url)) return serveIndex(request, reply);
    return reply.code(404).send({ error: `There is no ${request.method} ${request.url.split("?")[0]}.` });
  });
}

function isFileOf(folder: string, path: string): boolean {
  const file = resolve(folder, path);
  return file.startsWith(folder + sep) && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? false);
}
