import fastifyCookie from "@fastify/cookie";
import fastifyFormbody from "@fastify/formbody";
import fastify, { type FastifyInstance } from "fastify";
import { ZodError } from "zod";
import { HostError } from "../errors";
import type { Services } from "./services";
import { guardRoutes } from "./access";
import { accountRoutes } from "./accounts";
import { actionRoutes } from "./actions";
import { componentRoutes } from "./components";
import { connectRoutes } from "./connect";
import { connectPageRoutes } from "./connect-page";
import { endpointRoutes } from "./endpoints";
import { formRoutes } from "./forms";
import { proxyRoutes } from "./proxy";
import { streamRoutes } from "./stream";
import { tokenRoutes } from "./tokens";
import { webhookRoutes } from "./webhooks";
import { pageTriggerRoutes, triggerRoutes } from "./triggers";
import { pageRoutes } from "./page";

/** The HTTP server with all routes, not yet listening. */
export async function buildServer(services: Services): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: 2 * 1024 * 1024,
    routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, maxParamLength: 4000 },
    forceCloseConnections: true,
  });
  await app.register(fastifyCookie);
  await app.register(fastifyFormbody);
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    if (body === "") return done(null, undefined);
    try {
      done(null, JSON.parse(body as string));
    } catch {
      done(new HostError(400, "The body is not valid JSON."));
    }
  });
  answerErrors(app, services);
  guardRoutes(app, services);
  pageRoutes(app, services);
  connectRoutes(app, services);
  connectPageRoutes(app, services);
  pageTriggerRoutes(app, services);
  streamRoutes(app, services);
  tokenRoutes(app, services);
  await endpointRoutes(app, services);
  // The official clients send the project in the path from a server and leave it out in a browser.
  for (const prefix of ["/v1/connect/:project_id", "/v1/connect"])
    await app.register(
      (scope, _options, done) => {
        componentRoutes(scope, services);
        accountRoutes(scope, services);
        formRoutes(scope, services);
        actionRoutes(scope, services);
        triggerRoutes(scope, services);
        webhookRoutes(scope, services);
        proxyRoutes(scope, services);
        done();
      },
      { prefix },
    );
  return app;
}

/** Errors as `{ error, … }` with words; what nobody foresaw is logged and answered without its details. */
function answerErrors(app: FastifyInstance, services: Services): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof HostError)
      return reply.code(error.status).send({ error: error.message, ...error.details });
    if (error instanceof ZodError)
      return reply.code(400).send({
        error: error.issues
          .map((issue) => `${issue.path.join(".") || "The body"}: ${issue.message}`)
          .join("; "),
      });
    // What PostgreSQL says to a NUL, which its texts cannot hold.
    if ((error as { code?: unknown }).code === "22021" || request.url.includes("%00"))
      return reply.code(400).send({ error: "A name or text holds a NUL character. Take it out." });
    const status = (error as { statusCode?: number }).statusCode;
    if (status !== undefined && status < 500)
      return reply.code(status).send({ error: (error as Error).message });
    services.log(
      `${request.method} ${request.routeOptions.url ?? ""}: ${(error as Error).stack ?? String(error)}`,
    );
    return reply.code(500).send({ error: "The host failed to answer; its log says more." });
  });
}
