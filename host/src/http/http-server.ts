import fastifyCookie from "@fastify/cookie";
import fastifyCors from "@fastify/cors";
import fastifyFormbody from "@fastify/formbody";
import fastify from "fastify";
import { newId } from "../encryption";
import { guardRoutes } from "./access";
import { accountRoutes } from "./accounts";
import { actionRunRoutes } from "./action-runs";
import { actionRoutes, stashRoutes } from "./actions";
import { declareCallers, type DeclaredRoute } from "./callers";
import { componentProblemRoutes, componentRoutes } from "./components";
import { appDescriptionRoutes } from "./apps";
import { connectRoutes } from "./connect";
import { connectPageRoutes } from "./connect-page";
import { endpointRoutes } from "./endpoints";
import { refuseBadPaths } from "./bad-paths";
import { answerErrors } from "./error-answers";
import { formRoutes } from "./forms";
import { BODY_BYTES, readBodies, TIME_LIMITS } from "./limits";
import { mcpRoutes } from "./mcp";
import { observeRequests, operationRoutes } from "./operations";
import { pageRoutes } from "./page";
import { proxyRoutes } from "./proxy";
import { setSecurityHeaders } from "./security-headers";
import type { Services } from "./services";
import { sessionRoutes } from "./sessions";
import { streamRoutes } from "./stream";
import { oauthTokenRoutes, tokenRoutes } from "./tokens";
import { triggerReplayRoutes } from "./trigger-replay";
import { pageTriggerRoutes, triggerRoutes } from "./triggers";
import { webhookRoutes } from "./webhooks";
import { resumeRoutes } from "./workflow-endpoints";
import { templateRoutes } from "./workflow-templates";
import { workflowRoutes } from "./workflows";
import { useZodSchemas, type HostApp } from "./zod-routes";

export interface HttpServer {
  app: HostApp;
  /** Every route with the callers it is for. */
  routes: DeclaredRoute[];
}

/** The HTTP server with all routes, not yet listening. */
export async function buildServer(services: Services): Promise<HttpServer> {
  const app = useZodSchemas(
    fastify({
      bodyLimit: BODY_BYTES,
      requestTimeout: TIME_LIMITS.requestMs,
      http: { headersTimeout: TIME_LIMITS.headersMs, connectionsCheckingInterval: TIME_LIMITS.checkMs },
      // Only who the client of an endpoint is follows from it; names and schemes never do.
      trustProxy: services.config.trustedProxies.length > 0 ? services.config.trustedProxies : false,
      routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, maxParamLength: 4000 },
      forceCloseConnections: true,
      genReqId: () => newId("req"),
    }),
  );
  const routes = declareCallers(app);
  await app.register(fastifyCookie);
  await app.register(fastifyFormbody);
  readBodies(app);
  answerErrors(app, services.log);
  setSecurityHeaders(app);
  refuseBadPaths(app);
  observeRequests(app, services);
  guardRoutes(app, services);
  refuseWithoutRoom(app, services);
  operationRoutes(app, services);
  pageRoutes(app, services);
  sessionRoutes(app, services);
  connectRoutes(app, services);
  appDescriptionRoutes(app, services);
  stashRoutes(app, services);
  componentProblemRoutes(app, services);
  connectPageRoutes(app, services);
  pageTriggerRoutes(app, services);
  triggerReplayRoutes(app, services);
  streamRoutes(app, services);
  await endpointRoutes(app, services);
  await workflowRoutes(app, services);
  templateRoutes(app, services);
  await resumeRoutes(app, services);
  actionRunRoutes(app, services);
  await mcpRoutes(app, services);
  await app.register((scope: HostApp) => connectApi(scope, services), { prefix: "/v1" });
  return { app, routes };
}

/** The Connect API. Pages of other sites may use it with a bearer token; no cookie comes with such requests. */
async function connectApi(app: HostApp, services: Services): Promise<void> {
  await app.register(fastifyCors, {
    origin: true,
    credentials: false,
    methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    maxAge: 600,
  });
  oauthTokenRoutes(app, services);
  // The official clients send the project in the path from a server and leave it out in a browser.
  for (const prefix of ["/connect/:project_id", "/connect"])
    await app.register(
      (scope: HostApp, _options, done) => {
        tokenRoutes(scope, services);
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
}

/** New work is refused while the disk of the embedded database has no room for it. */
function refuseWithoutRoom(app: HostApp, { freeSpace }: Services): void {
  if (!freeSpace) return;
  app.addHook("preHandler", async (request) => {
    if (request.method !== "GET" && request.method !== "DELETE" && request.url.startsWith("/v1/connect"))
      await freeSpace.ensure();
  });
}
