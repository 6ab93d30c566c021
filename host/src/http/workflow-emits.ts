import { z } from "zod";
import type { Notification } from "../db/notifications";
import { scopeOf } from "./access";
import { callers } from "./callers";
import { LiveStream } from "./live-stream";
import { userQuery, withId } from "./schemas";
import type { Services } from "./services";
import { isStillSignedIn } from "./stream";
import { iso } from "./workflow-answers";
import type { HostApp } from "./zod-routes";

const signedIn = { callers: callers.signedIn };
const emitsQuery = userQuery.extend({
  channel: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** What workflows give out with `$.send.emit` and `$.send.sse`: the newest, and live. */
export function emitRoutes(app: HostApp, services: Services): void {
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
