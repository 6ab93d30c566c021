import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { CallerFacts, ListedActionRun } from "../action-runs/action-runs";
import { HostError } from "../errors";
import { MASKED } from "../execution/redact";
import { scopeOf, userOf } from "./access";
import { callers } from "./callers";
import { componentByKey } from "./components";
import { configuredBody, configuredOf } from "./forms";
import { originOf } from "./origins";
import { id, searchWords, userQuery, withId } from "./schemas";
import type { Services } from "./services";
import type { HostApp } from "./zod-routes";

const signedIn = { callers: callers.signedIn };
const listQuery = userQuery.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: id.optional(),
  status: z.enum(["running", "succeeded", "failed", "cancelled"]).optional(),
  action: id.optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
  q: searchWords.optional(),
});
const ofRun = { params: withId, querystring: userQuery };

/** Runs of actions outside of workflows: who ran which action, and what came of it. */
export function actionRunRoutes(app: HostApp, services: Services): void {
  const { actions, config, execution, stash } = services;
  const answer = async (request: FastifyRequest, run: string, user: string | undefined) => {
    const { runs } = actions;
    const row = await runs.get(run, user);
    return {
      ...summaryAnswer(row),
      input: runs.inputOf(row),
      result: runs.resultOf(row) ?? null,
      result_removed: row.status === "succeeded" && row.encrypted_result === null,
      exports: runs.exportsOf(row),
      logs: runs.logsOf(row),
      files:
        row.stash_id === null
          ? []
          : await stash.files(row.external_user_id, row.stash_id, originOf(request, config)),
    };
  };

  app.get("/api/action-runs", { config: signedIn, schema: { querystring: listQuery } }, async (request) => {
    const { limit, after, status, action, from, to, q } = request.query;
    const rows = await actions.runs.list(scopeOf(request), {
      limit,
      after,
      status,
      action,
      words: q,
      from: from?.getTime(),
      to: to?.getTime(),
    });
    return rows.map(summaryAnswer);
  });

  app.get("/api/action-runs/:id", { config: signedIn, schema: ofRun }, (request) =>
    answer(request, request.params.id, scopeOf(request)),
  );

  app.post(
    "/api/action-runs",
    { config: signedIn, schema: { body: configuredBody } },
    async (request, reply) => {
      const user = userOf(request, request.body.external_user_id);
      const target = await configuredOf(services, request.body, user, "action");
      await execution.check(target);
      const run = await actions.runner.start({
        ...target,
        caller: callerFacts(request),
        stash: true,
        origin: originOf(request, config),
      });
      return reply.code(202).send(await answer(request, run, user));
    },
  );

  app.post("/api/action-runs/:id/cancel", { config: signedIn, schema: ofRun }, async (request, reply) => {
    const row = await actions.runs.get(request.params.id, scopeOf(request));
    if (row.status === "running") await actions.running.cancel(row.id);
    return reply.code(202).send(summaryAnswer(row));
  });

  app.post("/api/action-runs/:id/repeat", { config: signedIn, schema: ofRun }, async (request, reply) => {
    const row = await actions.runs.get(request.params.id, scopeOf(request));
    const component = await componentByKey(services, row.component_key, "action");
    const input = actions.runs.inputOf(row);
    const masked = Object.keys(input).filter((name) => input[name] === MASKED);
    if (masked.length > 0)
      throw new HostError(
        409,
        `Secret values are not kept, so this run cannot be repeated by itself: ${masked.join(", ")}. Open it in the form and enter them again.`,
      );
    const user = row.external_user_id;
    const caller = { kind: callerFacts(request).kind, user, client: "" };
    // The accounts of an agent's run are found as they were then.
    const configuredProps = await services.agents.calls.configured({
      component,
      input,
      caller,
      account: undefined,
    });
    const target = { component, user, configuredProps };
    await execution.check(target);
    const run = await actions.runner.start({
      ...target,
      caller: callerFacts(request),
      stash: true,
      origin: originOf(request, config),
      repeatOf: row.id,
    });
    return reply.code(202).send(await answer(request, run, user));
  });
}

/** Who runs an action, and with which program. */
export function callerFacts(request: FastifyRequest): Omit<CallerFacts, "user"> {
  const kind = request.caller?.kind ?? "connect";
  const program = String(request.headers["user-agent"] ?? "");
  return { kind, client: kind === "page" ? "the page" : program.slice(0, 200) };
}

function summaryAnswer(row: ListedActionRun): Record<string, unknown> {
  return {
    id: row.id,
    external_user_id: row.external_user_id,
    action: row.component_key,
    version: row.component_version,
    caller: row.caller,
    client: row.client,
    status: row.status,
    summary: row.summary,
    error: row.error === null ? null : { message: row.error },
    repeat_of: row.repeat_of,
    started_at: new Date(row.started_at).toISOString(),
    finished_at: row.finished_at === null ? null : new Date(row.finished_at).toISOString(),
  };
}
