import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { HostError } from "../errors";
import { checkEventSize, startByHand } from "../workflows/start-runs";
import type { WorkflowRow } from "../db/workflow-tables";
import { givenBy, yamlOf, type Given } from "../workflows/workflows";
import { scopeOf, userOf } from "./access";
import { callers } from "./callers";
import { externalUserId, id, userQuery, withId } from "./schemas";
import type { Services } from "./services";
import { runAnswer, runSummary } from "./workflow-answers";
import type { HostApp } from "./zod-routes";

const YAML = /^(application|text)\/(x-)?yaml\b/i;
const DEFINITION_BYTES = 2 * 1024 * 1024;
const signedIn = { callers: callers.signedIn };
const withVersion = z.object({ id, version: z.coerce.number().int().min(1) });
const runsQuery = userQuery.extend({
  status: z.enum(["queued", "running", "waiting", "succeeded", "failed", "cancelled"]).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: id.optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
});
const startBody = z
  .object({ event: z.unknown(), external_user_id: externalUserId.optional() })
  .default({ event: {} });
const retryBody = z
  .object({ from: z.string().max(2000).optional(), definition: z.enum(["same", "current"]).optional() })
  .default({});
const variableBody = z.object({ value: z.string().max(100_000) });

/** Workflows, their versions and runs. */
export async function workflowRoutes(app: HostApp, services: Services): Promise<void> {
  await app.register((scope: HostApp, _options, done) => {
    scope.addContentTypeParser(
      YAML,
      { parseAs: "string", bodyLimit: DEFINITION_BYTES },
      (_request, body, parsed) => parsed(null, body),
    );
    definitionRoutes(scope, services);
    runRoutes(scope, services);
    variableRoutes(scope, services);
    done();
  });
}

function definitionRoutes(app: HostApp, services: Services): void {
  const workflows = () => services.workflows.workflows;

  app.get("/api/workflows", { config: signedIn, schema: { querystring: userQuery } }, async (request) => {
    const rows = await workflows().list(scopeOf(request));
    return Promise.all(rows.map((row) => workflowAnswer(services, row)));
  });

  app.post(
    "/api/workflows",
    { config: signedIn, schema: { querystring: userQuery } },
    async (request, reply) => {
      const given = givenIn(request);
      const user = userOf(request, request.query.external_user_id);
      const enabled = (given.value as { enabled?: unknown } | null)?.enabled === true;
      const row = await workflows().create(given, user, enabled);
      return reply.code(201).send(await workflowAnswer(services, row));
    },
  );

  app.post(
    "/api/workflows/validate",
    { config: signedIn, schema: { querystring: userQuery } },
    async (request) => ({
      problems: await workflows().problems(givenIn(request), userOf(request, request.query.external_user_id)),
    }),
  );

  app.get(
    "/api/workflows/:id",
    { config: signedIn, schema: { params: withId, querystring: userQuery } },
    async (request, reply) => {
      const row = await workflows().get(request.params.id, scopeOf(request));
      const given = await workflows().version(row.id, row.version);
      if (YAML.test(request.headers.accept ?? ""))
        return reply.type("application/yaml; charset=utf-8").send(yamlOf(given));
      return { ...(await workflowAnswer(services, row)), definition: given.value };
    },
  );

  app.put(
    "/api/workflows/:id",
    { config: signedIn, schema: { params: withId, querystring: userQuery } },
    async (request) =>
      workflowAnswer(
        services,
        await workflows().update(request.params.id, givenIn(request), scopeOf(request)),
      ),
  );

  app.delete(
    "/api/workflows/:id",
    { config: signedIn, schema: { params: withId, querystring: userQuery } },
    async (request, reply) => {
      await workflows().delete(request.params.id, scopeOf(request));
      return reply.code(204).send();
    },
  );

  for (const [path, enabled] of [
    ["enable", true],
    ["disable", false],
  ] as const)
    app.post(
      `/api/workflows/:id/${path}`,
      { config: signedIn, schema: { params: withId, querystring: userQuery } },
      async (request) =>
        workflowAnswer(services, await workflows().enable(request.params.id, scopeOf(request), enabled)),
    );

  app.get(
    "/api/workflows/:id/versions",
    { config: signedIn, schema: { params: withId, querystring: userQuery } },
    async (request) => {
      const row = await workflows().get(request.params.id, scopeOf(request));
      return (await workflows().versions(row.id)).map(({ version, created_at }) => ({
        version,
        created_at: iso(created_at),
        present: version === row.version,
      }));
    },
  );

  app.post(
    "/api/workflows/:id/versions/:version/restore",
    { config: signedIn, schema: { params: withVersion, querystring: userQuery } },
    async (request) =>
      workflowAnswer(
        services,
        await workflows().restore(request.params.id, request.params.version, scopeOf(request)),
      ),
  );
}

function runRoutes(app: HostApp, services: Services): void {
  const workflows = () => services.workflows.workflows;
  const runs = () => services.workflows.runs;

  app.post(
    "/api/workflows/:id/runs",
    { config: signedIn, schema: { params: withId, querystring: userQuery, body: startBody } },
    async (request, reply) => {
      const row = await workflows().get(request.params.id, scopeOf(request));
      checkEventSize(request.body.event);
      const run = await startByHand(services.db, services.workflows.starts, row, request.body.event);
      return reply.code(202).send(await runAnswer(services, run, row));
    },
  );

  app.get(
    "/api/workflows/:id/runs",
    { config: signedIn, schema: { params: withId, querystring: runsQuery } },
    async (request) => {
      const row = await workflows().get(request.params.id, scopeOf(request));
      const { status, limit, after, from, to } = request.query;
      const found = await runs().list(row.id, {
        limit,
        ...(status === undefined ? {} : { status }),
        ...(after === undefined ? {} : { after }),
        ...(from === undefined ? {} : { from: from.getTime() }),
        ...(to === undefined ? {} : { to: to.getTime() }),
      });
      return found.runs.map((run) => runSummary(run, found.waiting.has(run.id)));
    },
  );

  app.get(
    "/api/runs/:id",
    { config: signedIn, schema: { params: withId, querystring: userQuery } },
    async (request) => {
      const { run, workflow } = await runs().get(request.params.id, scopeOf(request));
      return runAnswer(services, run, workflow);
    },
  );

  app.post(
    "/api/runs/:id/cancel",
    { config: signedIn, schema: { params: withId, querystring: userQuery } },
    async (request) => {
      await runs().cancel(request.params.id, scopeOf(request));
      const { run, workflow } = await runs().get(request.params.id, scopeOf(request));
      return runAnswer(services, run, workflow);
    },
  );

  app.post(
    "/api/runs/:id/retry",
    { config: signedIn, schema: { params: withId, querystring: userQuery, body: retryBody } },
    async (request, reply) => {
      const { workflow } = await runs().get(request.params.id, scopeOf(request));
      const run = await runs().retry(request.params.id, scopeOf(request), request.body);
      return reply.code(202).send(await runAnswer(services, run, workflow));
    },
  );
}

function variableRoutes(app: HostApp, services: Services): void {
  const variables = () => services.workflows.variables;
  const withName = z.object({ name: z.string().min(1).max(100) });

  app.get("/api/variables", { config: signedIn, schema: { querystring: userQuery } }, async (request) =>
    (await variables().names(userOf(request, request.query.external_user_id))).map(
      ({ name, updated_at }) => ({
        name,
        updated_at: updated_at === null ? null : iso(updated_at),
      }),
    ),
  );
  app.put(
    "/api/variables/:name",
    { config: signedIn, schema: { params: withName, querystring: userQuery, body: variableBody } },
    async (request, reply) => {
      await variables().set(
        userOf(request, request.query.external_user_id),
        request.params.name,
        request.body.value,
      );
      return reply.code(204).send();
    },
  );
  app.delete(
    "/api/variables/:name",
    { config: signedIn, schema: { params: withName, querystring: userQuery } },
    async (request, reply) => {
      await variables().remove(userOf(request, request.query.external_user_id), request.params.name);
      return reply.code(204).send();
    },
  );
}

async function workflowAnswer(services: Services, row: WorkflowRow): Promise<Record<string, unknown>> {
  const triggers = await services.workflows.triggers.of(row.id);
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    version: row.version,
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
    triggers: triggers.map(({ name, kind, trigger_id, endpoint_key }) => ({
      id: name,
      kind,
      ...(trigger_id === null ? {} : { trigger_id }),
      ...(endpoint_key === null ? {} : { endpoint: `${services.workflows.address()}/http/${endpoint_key}` }),
    })),
  };
}

/** @throws HostError 400 for a YAML text that cannot be read, 415 for what is neither. */
function givenIn(request: FastifyRequest): Given {
  const type = request.headers["content-type"] ?? "";
  if (YAML.test(type)) return givenBy(request.body, true);
  if (request.body === undefined || request.body === null)
    throw new HostError(
      400,
      "The workflow is missing: send it as JSON, or as YAML with content-type application/yaml.",
    );
  return givenBy(request.body, false);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
