import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyReply } from "fastify";
import { callers } from "./callers";
import { contentSecurityPolicy } from "./security-headers";
import type { Services } from "./services";
import type { HostApp } from "./zod-routes";

/** The page and its files. They hold nothing secret: the page asks for its session itself. */
export function pageRoutes(app: HostApp, { config }: Services): void {
  const serveIndex = async (reply: FastifyReply): Promise<FastifyReply> => {
    const file = join(config.webDir, "index.html");
    if (!existsSync(file))
      return reply.type("text/plain").send("The page is not built. Run: npm run build\n");
    return reply
      .header("content-security-policy", contentSecurityPolicy("'none'"))
      .header("x-frame-options", "DENY")
      .type("text/html; charset=utf-8")
      .send(await readFile(file));
  };
  app.get("/", { config: { callers: callers.anybody } }, (_request, reply) => serveIndex(reply));

  void app.register(fastifyStatic, { root: config.webDir, serve: false });

  app.setNotFoundHandler(async (request, reply) => {
    const [path = ""] = request.url.split("?");
    if (request.method === "GET" && isFileOf(config.webDir, path.slice(1)))
      return reply.header("cache-control", "public, max-age=3600").sendFile(path.slice(1));
    const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    if (wantsPage && !/^\/(api|v1|http|connect|mcp)\//.test(path)) return serveIndex(reply);
    return reply.code(404).send({ error: `There is no ${request.method} ${path.slice(0, 200)}.` });
  });
}

/** The page's files have plain names, so nothing is decoded. */
function isFileOf(folder: string, path: string): boolean {
  if (!/^[\w./-]+$/.test(path)) return false;
  const file = resolve(folder, path);
  return file.startsWith(folder + sep) && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? false);
}
