import { z } from "zod";
import { QUEUE } from "../db/queue";
import type { TriggerRow } from "../db/schema";
import { newestEvents, type ShownEvent } from "../triggers/event-list";
import { listRuns, type RunRecord } from "../triggers/run-records";
import { maskSecretProps } from "../triggers/secret-props";
import type { Services } from "./services";
import type { ConfigurableProp } from "../execution/protocol";
import { configuredIn, dynamicIn, scheduleIn } from "../triggers/trigger-rows";
import { scopeOf, userOf } from "./access";
import { webAddress } from "./addresses";
import { callers } from "./callers";
import { configuredBody, configuredOf } from "./forms";
import { listPage, pageQuery } from "./paging";
import { configuredProps, id, searchWords, title, userQuery, withId } from "./schemas";
import type { HostApp } from "./zod-routes";

const deployBody = configuredBody.extend({
  webhook_url: webAddress.nullish(),
  workflow_id: id.nullish(),
  emit_on_deploy: z.boolean().nullish(),
  name: z.string().max(500).nullish(),
});
const changeBody = z.object({
  active: z.boolean().nullish(),
  name: title.nullish(),
  configured_props: configuredProps.nullish(),
  emit_on_deploy: z.boolean().nullish(),
});
const listQuery = pageQuery.extend({
  ...userQuery.shape,
  emitter_type: z.enum(["source", "http", "timer", "email"]).optional(),
});
const eventsQuery = userQuery.extend({
  n: z.coerce.number().int().min(1).max(100_000).optional(),
  q: searchWords.optional(),
  before: id.optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
});
const runsQuery = userQuery.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(20),
  after: id.optional(),
  status: z.enum(["ok", "error"]).optional(),
  q: searchWords.optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
});
const deletionQuery = userQuery.extend({
  ignore_hook_errors: z.enum(["true", "false", "1", "0"]).optional(),
});
const config = { callers: callers.signedIn };
const ofTrigger = { params: withId, querystring: userQuery };

/** Triggers of the Connect API. */
export function triggerRoutes(app: HostApp, services: Services): void {
  const { triggers, db } = services;

  app.post("/triggers/deploy", { config, schema: { body: deployBody } }, async (request) => {
    const { body } = request;
    const target = await configuredOf(services, body, userOf(request, body.external_user_id), "source");
    const row = await triggers.deploy({
      ...target,
      name: body.name ?? undefined,
      emitOnDeploy: body.emit_on_deploy ?? undefined,
      webhookUrl: body.webhook_url ?? undefined,
      workflowId: body.workflow_id ?? undefined,
    });
    return { data: await deployedAnswer(services, row) };
  });

  app.get("/deployed-triggers", { config, schema: { querystring: listQuery } }, async (request) => {
    // Everything that is deployed here is a source; there are no interfaces without one.
    const { emitter_type = "source" } = request.query;
    const rows = emitter_type === "source" ? await triggers.list(scopeOf(request)) : [];
    const page = listPage(rows, request.query, (row) => row.id);
    return { ...page, data: await Promise.all(page.data.map((row) => deployedAnswer(services, row))) };
  });

  app.get("/deployed-triggers/:id", { config, schema: ofTrigger }, async (request) => ({
    data: await deployedAnswer(services, await triggers.get(request.params.id, scopeOf(request))),
  }));

  app.put(
    "/deployed-triggers/:id",
    { config, schema: { ...ofTrigger, body: changeBody } },
    async (request) => {
      const { body } = request;
      const row = await triggers.update(request.params.id, scopeOf(request), {
        active: body.active ?? undefined,
        name: body.name ?? undefined,
        configuredProps: body.configured_props ?? undefined,
        emitOnDeploy: body.emit_on_deploy ?? undefined,
      });
      return { data: await deployedAnswer(services, row) };
    },
  );

  const deletion = { params: withId, querystring: deletionQuery };
  app.delete("/deployed-triggers/:id", { config, schema: deletion }, async (request, reply) => {
    const { ignore_hook_errors } = request.query;
    await triggers.delete(
      request.params.id,
      scopeOf(request),
      ignore_hook_errors === "true" || ignore_hook_errors === "1",
    );
    return reply.code(204).send();
  });

  const events = { params: withId, querystring: eventsQuery };
  app.get("/deployed-triggers/:id/events", { config, schema: events }, async (request) => {
    const row = await triggers.get(request.params.id, scopeOf(request));
    const { n = 100, q, before, from, to } = request.query;
    const { rows, isCut } = await newestEvents(db, row.id, {
      limit: n,
      words: q,
      before,
      from: from?.getTime(),
      to: to?.getTime(),
    });
    return { data: rows.map(eventAnswer), ...(isCut ? { truncated: true } : {}) };
  });
}

/** The page's own routes about triggers. */
export function pageTriggerRoutes(app: HostApp, services: Services): void {
  const { triggers, db, queue, registry, accounts } = services;

  app.get("/api/triggers", { config }, async (request) => {
    const user = userOf(request);
    const rows = await triggers.list(user);
    const running = await queue.runningKeys(
      db,
      QUEUE.sourceRuns,
      rows.map(({ id }) => id),
    );
    const names = new Map((await accounts.list({ user })).map((row) => [row.id, row.name]));
    return Promise.all(
      rows.map(async (row) => {
        const component = await registry.component(row.component_key);
        return {
          id: row.id,
          name: row.name,
          component_key: row.component_key,
          component_name: component?.name ?? row.component_key,
          account: row.account_id ? { id: row.account_id, name: names.get(row.account_id) ?? null } : null,
          active: row.active,
          schedule: scheduleIn(row),
          configured_props: maskSecretProps(configuredIn(row)),
          created_at: new Date(row.created_at).toISOString(),
          last_run: lastRunOf(row, running.get(row.id)),
          next_run_at: row.active && row.next_run_at ? new Date(row.next_run_at).toISOString() : null,
          event_count: row.event_count,
          failing: failingOf(row),
          ...(hasEndpoint(dynamicIn(row) ?? component?.props)
            ? { endpoint_url: services.endpointOf(row) }
            : {}),
        };
      }),
    );
  });

  app.post("/api/triggers/:id/run", { config, schema: ofTrigger }, async (request) =>
    runAnswer(await triggers.runNow(request.params.id, scopeOf(request))),
  );

  const runsOf = { params: withId, querystring: runsQuery };
  app.get("/api/triggers/:id/runs", { config, schema: runsOf }, async (request) => {
    const row = await triggers.get(request.params.id, scopeOf(request));
    const { limit, after, status, q, from, to } = request.query;
    const found = await listRuns(db, row.id, {
      limit,
      after,
      status,
      words: q,
      from: from?.getTime(),
      to: to?.getTime(),
    });
    return found.map(runAnswer);
  });
}

export function runAnswer(run: RunRecord): Record<string, unknown> {
  return {
    ...run,
    started_at: new Date(run.started_at).toISOString(),
    finished_at: run.finished_at ? new Date(run.finished_at).toISOString() : null,
  };
}

export function eventAnswer(event: ShownEvent): Record<string, unknown> {
  return {
    id: event.id,
    e: JSON.parse(event.payload) as unknown,
    k: event.channel ?? "emit",
    ts: event.ts,
    ...(event.summary !== null ? { sum: event.summary } : {}),
  };
}

/** Polls that failed in a row, and when the next one is; null for a trigger that runs as it should. */
function failingOf(row: TriggerRow): Record<string, unknown> | null {
  if (row.failures === 0) return null;
  const last = row.last_run ? (JSON.parse(row.last_run) as RunRecord) : undefined;
  return {
    count: row.failures,
    since: row.failing_since === null ? null : new Date(row.failing_since).toISOString(),
    error: last?.error ?? null,
    next_try_at: row.active && row.next_run_at ? new Date(row.next_run_at).toISOString() : null,
  };
}

function lastRunOf(row: TriggerRow, runningSince: number | undefined): Record<string, unknown> | null {
  if (runningSince !== undefined)
    return {
      started_at: new Date(runningSince).toISOString(),
      finished_at: null,
      status: "running",
      emitted: 0,
    };
  if (!row.last_run) return null;
  const run = JSON.parse(row.last_run) as RunRecord;
  return {
    started_at: new Date(run.started_at).toISOString(),
    finished_at: run.finished_at ? new Date(run.finished_at).toISOString() : null,
    status: run.status,
    emitted: run.emitted,
    ...(run.error ? { error: run.error } : {}),
  };
}

const hasEndpoint = (props: ConfigurableProp[] = []): boolean =>
  props.some((prop) => prop.type === "$.interface.http");

async function deployedAnswer(services: Services, row: TriggerRow): Promise<Record<string, unknown>> {
  const component = await services.registry.component(row.component_key);
  const props = dynamicIn(row) ?? component?.props ?? [];
  return {
    type: "DeployedComponent",
    id: row.id,
    owner_id: row.external_user_id,
    component_id: row.component_key,
    component_key: row.component_key,
    component_version: row.component_version,
    name: row.name,
    name_slug: row.name_slug,
    active: row.active,
    configurable_props: props,
    configured_props: maskSecretProps(configuredIn(row)),
    created_at: row.created_at,
    updated_at: row.updated_at,
    emit_on_deploy: row.emit_on_deploy,
    failing: failingOf(row),
    callback_observations: null,
    ...(hasEndpoint(props) ? { endpoint_url: services.endpointOf(row) } : {}),
  };
}
