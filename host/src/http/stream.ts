import { HostError } from "../errors";
import type { Notification } from "../db/notifications";
import type { EventRow } from "../db/schema";
import type { RunRecord } from "../triggers/run-records";
import { getTrigger } from "../triggers/trigger-rows";
import { userOf } from "./access";
import { callers, type Caller } from "./callers";
import { LiveStream } from "./live-stream";
import type { Services } from "./services";
import { eventAnswer, runAnswer } from "./triggers";
import type { HostApp } from "./zod-routes";

const MOST_OF_ONE_CALLER = 20;

/** What happens, as it happens, as Server-Sent Events: only about the caller's own triggers, and that components here have changed. */
export function streamRoutes(app: HostApp, services: Services): void {
  const open = new Map<string, number>();
  app.get(
    "/api/stream",
    { config: { callers: callers.signedIn }, exposeHeadRoute: false },
    (request, reply) => {
      const { caller } = request;
      const user = userOf(request);
      const name = nameOf(caller);
      const count = open.get(name) ?? 0;
      if (count >= MOST_OF_ONE_CALLER)
        throw new HostError(429, `You have ${count} live streams open already. Close one first.`);
      open.set(name, count + 1);
      reply.hijack();
      const stream = new LiveStream(reply.raw, {}, () => isStillSignedIn(caller, services));
      stream.onEnd(() => {
        const left = (open.get(name) ?? 1) - 1;
        if (left === 0) open.delete(name);
        else open.set(name, left);
      });
      follow(stream, user, caller, services);
    },
  );
}

function follow(stream: LiveStream, user: string, caller: Caller | undefined, services: Services): void {
  const { db, events, registry } = services;
  const owners = new Map<string, Promise<boolean>>();
  const isOwn = (trigger: string): Promise<boolean> => {
    let own = owners.get(trigger);
    if (!own) {
      own = getTrigger(db, trigger).then((row) => row?.external_user_id === user);
      owners.set(trigger, own);
    }
    return own;
  };
  const onEmit = (event: EventRow): void =>
    stream.send("emit", { trigger_id: event.trigger_id, ...eventAnswer(event) }, () =>
      isOwn(event.trigger_id),
    );
  const onRun = (run: RunRecord): void => stream.send("run", runAnswer(run), () => isOwn(run.trigger_id));
  const onTrigger = (id: string): void =>
    // Of a deleted trigger nobody knows the owner any more; the page is told, and looks for itself.
    stream.send("trigger", { trigger_id: id }, async () => caller?.kind !== "connect" || (await isOwn(id)));
  const onComponents = (): void => stream.send("components", {}, () => Promise.resolve(true));
  registry.on("change", onComponents);
  const workflowOwners = new Map<string, Promise<boolean>>();
  const ownsWorkflow = (id: string): Promise<boolean> => {
    let own = workflowOwners.get(id);
    if (!own) {
      own = services.workflows.workflows.get(id, user).then(
        () => true,
        () => false,
      );
      workflowOwners.set(id, own);
    }
    return own;
  };
  const onNotification = (notification: Notification): void => {
    if (notification.kind === "workflow-run")
      stream.send("workflow-run", { workflow_id: notification.workflow, run_id: notification.run }, () =>
        ownsWorkflow(notification.workflow),
      );
    if (notification.kind === "action-run")
      stream.send("action-run", { run_id: notification.run }, () =>
        Promise.resolve(notification.user === user),
      );
    if (notification.kind === "workflow") {
      workflowOwners.delete(notification.workflow);
      // Of a deleted one nobody knows the owner any more.
      stream.send(
        "workflow",
        { workflow_id: notification.workflow },
        async () => caller?.kind !== "connect" || (await ownsWorkflow(notification.workflow)),
      );
    }
  };
  const { notifications } = services.workflows;
  notifications.on("notification", onNotification);
  events.on("emit", onEmit);
  events.on("run", onRun);
  events.on("trigger", onTrigger);
  stream.onEnd(() => {
    registry.off("change", onComponents);
    notifications.off("notification", onNotification);
    events.off("emit", onEmit);
    events.off("run", onRun);
    events.off("trigger", onTrigger);
  });
}

function nameOf(caller: Caller | undefined): string {
  if (caller?.kind === "page") return `page ${caller.session}`;
  return caller?.kind === "connect" ? `connect ${caller.tokenHash}` : (caller?.kind ?? "");
}

/** A stream outlives the request it came with; who was signed out, or whose token has expired, hears nothing more. */
export async function isStillSignedIn(caller: Caller | undefined, services: Services): Promise<boolean> {
  if (caller?.kind === "page") return services.sessions.isOpen(caller.session);
  if (caller?.kind === "connect") return services.connectTokens.isValid(caller.tokenHash);
  return true;
}
