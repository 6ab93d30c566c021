import { z } from "zod";
import { yamlOf, type Given } from "../workflows/workflows";
import { scopeOf, userOf } from "./access";
import { callers } from "./callers";
import { id, userQuery, withId } from "./schemas";
import type { Services } from "./services";
import { variableRoutes } from "./variables";
import { iso, runSummary } from "./workflow-answers";
import { givenIn, workflowAnswer, YAML } from "./workflow-definitions";
import { draftRoutes } from "./workflow-drafts";
import { emitRoutes } from "./workflow-emits";
import { runRoutes } from "./workflow-runs";
import type { HostApp } from "./zod-routes";

const DEFINITION_BYTES = 2 * 1024 * 1024;
const signedIn = { callers: callers.signedIn };
const withVersion = z.object({ id, version: z.coerce.number().int().min(1) });

/** Workflows, their versions and runs. */
export async function workflowRoutes(app: HostApp, services: Services): Promise<void> {
  await app.register((scope: HostApp, _options, done) => {
    scope.addContentTypeParser(
      YAML,
      { parseAs: "string", bodyLimit: DEFINITION_BYTES },
      (_request, body, parsed) => parsed(null, body),
    );
    definitionRoutes(scope, services);
    draftRoutes(scope, services);
    runRoutes(scope, services);
    emitRoutes(scope, services);
    variableRoutes(scope, services);
    done();
  });
}

function definitionRoutes(app: HostApp, services: Services): void {
  const workflows = () => services.workflows.workflows;

  app.get("/api/workflows", { config: signedIn, schema: { querystring: userQuery } }, async (request) => {
    const rows = await workflows().list(scopeOf(request));
    const overview = await services.workflows.figures.overview(rows.map((row) => row.id));
    return Promise.all(
      rows.map(async (row) => {
        const { last_run, failures = 0 } = overview.get(row.id) ?? {};
        const isWaiting =
          last_run?.status === "running" && (await services.workflows.runs.isWaiting(last_run.id));
        return {
          ...(await workflowAnswer(services, row)),
          last_run: last_run ? runSummary(last_run, isWaiting) : null,
          failures_last_day: failures,
        };
      }),
    );
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
      const published = row.version === 0 ? undefined : await workflows().version(row.id, row.version);
      const draft = await services.workflows.drafts.of(row);
      if (YAML.test(request.headers.accept ?? ""))
        return reply.type("application/yaml; charset=utf-8").send(yamlOf(published ?? draft ?? NOTHING));
      return {
        ...(await workflowAnswer(services, row)),
        definition: published?.value ?? null,
        source: published?.source ?? null,
        draft: draft ? { definition: draft.value, source: draft.source } : null,
      };
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

const NOTHING: Given = { value: {}, source: null };
