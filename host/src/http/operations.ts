import { sql } from "kysely";
import { callers } from "./callers";
import type { Services } from "./services";
import type { HostApp } from "./zod-routes";

const anybody = { callers: callers.anybody };
const READY_MS = 5000;

/** What those who run the host look at: whether it lives, whether it can work, and how much it does. */
export function operationRoutes(app: HostApp, services: Services): void {
  app.get("/health", { config: anybody }, () => ({ status: "ok" }));

  app.get("/ready", { config: anybody }, async (_request, reply) => {
    const reason = await unready(services);
    return reason === undefined
      ? { status: "ready" }
      : reply.code(503).header("retry-after", "5").send({ status: "not ready", reason });
  });

  app.get("/metrics", { config: { callers: callers.operator } }, async (_request, reply) =>
    reply.type(services.metrics.registry.contentType).send(await services.metrics.text()),
  );
}

/** Why work cannot be taken on just now; nothing that tells where the database is. */
async function unready({ db, freeSpace }: Services): Promise<string | undefined> {
  const late = new Promise<string>((resolve) =>
    setTimeout(() => resolve("The database does not answer."), READY_MS).unref(),
  );
  const asked = sql`select 1`.execute(db).then(
    () => undefined,
    () => "The database does not answer.",
  );
  const reason = await Promise.race([asked, late]);
  if (reason !== undefined || !freeSpace) return reason;
  return freeSpace.ensure().then(
    () => undefined,
    () => "The disk of the database is nearly full.",
  );
}

/** Each request has an id, which its answer names; what came of it is counted and, as JSON, logged. Addresses are told by their route alone: the rest may be a secret. */
export function observeRequests(app: HostApp, services: Services): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    services.metrics.request(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    if (route === "/health" || route === "/ready" || route === "/metrics") return;
    services.logEvent(
      {
        request_id: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        caller: request.caller?.kind ?? "anybody",
      },
      "request",
    );
  });
}
