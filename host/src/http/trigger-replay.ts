import { z } from "zod";
import { HostError, notFound } from "../errors";
import { replayToWebhooks } from "../triggers/replay";
import { scopeOf } from "./access";
import { callers } from "./callers";
import { id, userQuery, withId } from "./schemas";
import type { Services } from "./services";
import type { HostApp } from "./zod-routes";

const replayBody = z.object({ event_ids: z.array(id).min(1).max(1000) });

/** Sends events of a trigger once more to everything that receives them: its webhooks, and the enabled workflows it starts. */
export function triggerReplayRoutes(app: HostApp, services: Services): void {
  const { db, queue, triggers, workflows } = services;
  app.post(
    "/api/triggers/:id/replay",
    {
      config: { callers: callers.signedIn },
      schema: { params: withId, querystring: userQuery, body: replayBody },
    },
    async (request, reply) => {
      const trigger = await triggers.get(request.params.id, scopeOf(request));
      const events = [...new Set(request.body.event_ids)];
      const known = await db
        .selectFrom("events")
        .select("id")
        .where("trigger_id", "=", trigger.id)
        .where("id", "in", events)
        .where("publish_at", "is", null)
        .execute();
      const missing = events.find((event) => !known.some((one) => one.id === event));
      if (missing !== undefined)
        throw notFound("event", missing, "The newest 100,000 events of a trigger are kept.");
      const { deliveries, runs } = await db.transaction().execute(async (tx) => ({
        deliveries: await replayToWebhooks(tx, queue, trigger.id, events),
        runs: await workflows.starts.replay(tx, trigger.id, events),
      }));
      if (deliveries === 0 && runs.length === 0)
        throw new HostError(
          409,
          "Nothing was sent: the trigger has no receiver to which these events are not on their way already, and starts no enabled workflow. Add a receiver, or use the trigger in a workflow.",
        );
      return reply.code(202).send({
        deliveries,
        runs: runs.map((run) => ({ id: run.id, workflow_id: run.workflow_id, status: run.status })),
      });
    },
  );
}
