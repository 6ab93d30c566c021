import { z } from "zod";
import { sampleEvents } from "../workflows/sample-events";
import { checkEventSize } from "../workflows/start-runs";
import { scopeOf, userOf } from "./access";
import { callers } from "./callers";
import { configuredProps, externalUserId, id, userQuery, withId } from "./schemas";
import type { Services } from "./services";
import { runAnswer } from "./workflow-answers";
import { givenIn, workflowAnswer } from "./workflow-definitions";
import type { HostApp } from "./zod-routes";

const signedIn = { callers: callers.signedIn };
const testBody = z.object({
  event: z.unknown(),
  step: z.string().max(2000).optional(),
  from_run: id.optional(),
});
const sampleBody = z.object({
  uses: z.string().min(1).max(200),
  props: configuredProps.default({}),
  external_user_id: externalUserId.optional(),
});

/** Drafts of the builder: saved, tried and thrown away. */
export function draftRoutes(app: HostApp, services: Services): void {
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
