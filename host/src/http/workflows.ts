import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Notification } from "../db/notifications";
import { HostError } from "../errors";
import { checkEventSize, startByHand } from "../workflows/start-runs";
import type { WorkflowRow } from "../db/workflow-tables";
import { givenBy, yamlOf, type Given } from "../workflows/workflows";
import { PERIOD_NAMES } from "../workflows/run-figures";
import { sampleEvents } from "../workflows/sample-events";
import { scopeOf, userOf } from "./access";
import { callers } from "./callers";
import { configuredProps, externalUserId, id, searchWords, userQuery, withId } from "./schemas";
import { LiveStream } from "./live-stream";
import type { Services } from "./services";
import { isStillSignedIn } from "./stream";
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
  q: searchWords.optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
});
const startBody = z
  .object({ event: z.unknown(), external_user_id: externalUserId.optional() })
  .default({ event: {} });
const retryBody = z
  .object({ from: z.string().max(2000).optional(), definition: z.enum(["same", "current"]).optional() })
  .default({});
const testBody = z.object({
  event: z.unknown(),
  step: z.string().max(2000).optional(),
  from_run: id.optional(),
});
const resumeBody = z
  .object({ path: z.string().max(2000).optional(), data: z.unknown().optional() })
  .default({ data: null });
const sampleBody = z.object({
  uses: z.string().min(1).max(200),
  props: configuredProps.default({}),
  external_user_id: externalUserId.optional(),
});
const emitsQuery = userQuery.extend({
  channel: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
const figuresQuery = userQuery.extend({ period: z.enum(PERIOD_NAMES).default("week") });
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

/** Drafts of the builder: saved, tried and thrown away. */
function draftRoutes(app: HostApp, services: Services): void {
  const drafts = () => services.workflows.drafts;
  const ofWorkflow = { params: withId, querystring: userQuery };

  app.post(
    "/api/workflows/drafts",
    { config: signedIn, schema: { querystring: userQuery } },
    async (request, reply) => {
      const user = userOf(request, request.query.external_user_id);
      const row = await drafts().create(givenIn(request), user);
      return reply.code(201).send(await workflowAnswer(services, row));
    },
  );
  app.put("/api/workflows/:id/draft", { config: signedIn, schema: ofWorkflow }, async (request) =>
    workflowAnswer(services, await drafts().save(request.params.id, givenIn(request), scopeOf(request))),
  );
  app.delete("/api/workflows/:id/draft", { config: signedIn, schema: ofWorkflow }, async (request) =>
    workflowAnswer(services, await drafts().discard(request.params.id, scopeOf(request))),
  );
  app.post(
    "/api/workflows/:id/test",
    { config: signedIn, schema: { ...ofWorkflow, body: testBody } },
    async (request, reply) => {
      const { event, step, from_run } = request.body;
      checkEventSize(event);
      const run = await drafts().test(
        request.params.id,
        {
          event,
          ...(step === undefined ? {} : { step }),
          ...(from_run === undefined ? {} : { fromRun: from_run }),
        },
        scopeOf(request),
      );
      const row = await services.workflows.workflows.get(request.params.id, scopeOf(request));
      return reply.code(202).send(await runAnswer(services, run, row));
    },
  );
  app.post(
    "/api/workflows/sample-events",
    { config: signedIn, schema: { body: sampleBody } },
    async (request) => {
      const { uses, props, external_user_id } = request.body;
      return { data: await sampleEvents(services, uses, props, userOf(request, external_user_id)) };
    },
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
      const { status, limit, after, from, to, q } = request.query;
      const found = await runs().list(row.id, {
        limit,
        ...(status === undefined ? {} : { status }),
        ...(after === undefined ? {} : { after }),
        ...(q === undefined ? {} : { words: q }),
        ...(from === undefined ? {} : { from: from.getTime() }),
        ...(to === undefined ? {} : { to: to.getTime() }),
      });
      return found.runs.map((run) => runSummary(run, found.waiting.has(run.id)));
    },
  );

  app.get(
    "/api/workflows/:id/figures",
    { config: signedIn, schema: { params: withId, querystring: figuresQuery } },
    async (request) => {
      const row = await workflows().get(request.params.id, scopeOf(request));
      const bars = await services.workflows.figures.over(row.id, request.query.period);
      return { data: bars.map((bar) => ({ ...bar, from: iso(bar.from) })) };
    },
  );

  app.post(
    "/api/runs/:id/resume",
    { config: signedIn, schema: { params: withId, querystring: userQuery, body: resumeBody } },
    async (request) => {
      const { path, data } = request.body;
      await runs().resumeRun(request.params.id, scopeOf(request), path, {
        method: "POST",
        query: {},
        body: data ?? null,
      });
      const { run, workflow } = await runs().get(request.params.id, scopeOf(request));
      return runAnswer(services, run, workflow);
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

/** What workflows give out with `$.send.emit` and `$.send.sse`: the newest, and live. */
function emitRoutes(app: HostApp, services: Services): void {
  const of = () => services.workflows;
  app.get(
    "/api/workflows/:id/emits",
    { config: signedIn, schema: { params: withId, querystring: emitsQuery } },
    async (request) => {
      const row = await of().workflows.get(request.params.id, scopeOf(request));
      const { channel, limit } = request.query;
      const data = await of().emits.list(row.id, { limit, ...(channel === undefined ? {} : { channel }) });
      return { data: data.map((one) => ({ ...one, created_at: iso(one.created_at) })) };
    },
  );
  app.get(
    "/api/workflows/:id/emits/stream",
    { config: signedIn, schema: { params: withId, querystring: emitsQuery }, exposeHeadRoute: false },
    async (request, reply) => {
      const row = await of().workflows.get(request.params.id, scopeOf(request));
      const { channel } = request.query;
      const { caller } = request;
      reply.hijack();
      const stream = new LiveStream(reply.raw, {}, () => isStillSignedIn(caller, services));
      const listen = (notification: Notification): void => {
        if (notification.kind !== "workflow-emit" || notification.workflow !== row.id) return;
        void of()
          .emits.list(row.id, {
            after: notification.seq - 1,
            limit: 1,
            ...(channel === undefined ? {} : { channel }),
          })
          .then(([one]) => {
            if (one?.seq === notification.seq)
              stream.send(one.channel, { run_id: one.run_id, data: one.data }, () => Promise.resolve(true));
          })
          .catch(() => undefined);
      };
      of().notifications.on("notification", listen);
      stream.onEnd(() => of().notifications.off("notification", listen));
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
  const draft = await services.workflows.drafts.of(row);
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    version: row.version,
    has_draft: draft !== undefined,
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
