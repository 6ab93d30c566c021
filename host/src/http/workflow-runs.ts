import { z } from "zod";
import { PERIOD_NAMES } from "../workflows/run-figures";
import { checkEventSize, startByHand } from "../workflows/start-runs";
import { scopeOf } from "./access";
import { callers } from "./callers";
import { externalUserId, id, searchWords, userQuery, withId } from "./schemas";
import type { Services } from "./services";
import { iso, runAnswer, runSummary } from "./workflow-answers";
import type { HostApp } from "./zod-routes";

const signedIn = { callers: callers.signedIn };
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
const resumeBody = z
  .object({ path: z.string().max(2000).optional(), data: z.unknown().optional() })
  .default({ data: null });
const figuresQuery = userQuery.extend({ period: z.enum(PERIOD_NAMES).default("week") });

/** Runs of workflows: started, listed, looked at, resumed, cancelled and repeated. */
export function runRoutes(app: HostApp, services: Services): void {
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
