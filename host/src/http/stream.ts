import type { EventRow } from "../db/schema";
import type { RunRecord } from "../triggers/run-records";
import type { Services } from "./services";
import { getTrigger } from "../triggers/trigger-rows";
import { userOf } from "./access";
import { callers } from "./callers";
import type { HostApp } from "./zod-routes";
import { eventAnswer, runAnswer } from "./triggers";

const KEEP_ALIVE_MS = 15_000;

/** What happens, as it happens, as Server-Sent Events: only about the caller's own triggers. */
export function streamRoutes(app: HostApp, services: Services): void {
  app.get(
    "/api/stream",
    { config: { callers: callers.signedIn }, exposeHeadRoute: false },
    (request, reply) => {
      const user = userOf(request);
      const owners = new Map<string, Promise<boolean>>();
      const isOwn = (trigger: string): Promise<boolean> => {
        let own = owners.get(trigger);
        if (!own) {
          own = getTrigger(services.db, trigger).then((row) => row?.external_user_id === user);
          owners.set(trigger, own);
        }
        return own;
      };
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        "x-content-type-options": "nosniff",
      });
      raw.write(": connected\n\n");
      // One after the other, so that news keep their order while the owner is looked up.
      let queue = Promise.resolve();
      const send = (event: string, trigger: string, data: unknown): void => {
        queue = queue.then(async () => {
          // Of a deleted trigger nobody knows the owner any more; the page is told, and looks for itself.
          if ((event === "trigger" && request.caller?.kind !== "connect") || (await isOwn(trigger)))
            raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        });
        queue.catch(() => undefined);
      };
      const onEmit = (event: EventRow): void =>
        send("emit", event.trigger_id, { trigger_id: event.trigger_id, ...eventAnswer(event) });
      const onRun = (run: RunRecord): void => send("run", run.trigger_id, runAnswer(run));
      const onTrigger = (id: string): void => send("trigger", id, { trigger_id: id });
      services.events.on("emit", onEmit);
      services.events.on("run", onRun);
      services.events.on("trigger", onTrigger);
      const alive = setInterval(() => raw.write(": alive\n\n"), KEEP_ALIVE_MS);
      raw.on("close", () => {
        clearInterval(alive);
        services.events.off("emit", onEmit);
        services.events.off("run", onRun);
        services.events.off("trigger", onTrigger);
      });
    },
  );
}
