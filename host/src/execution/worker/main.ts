import type { FromWorker, Job, ToWorker } from "../protocol";
import { Socket } from "node:net";
import { dialed, routeConnections, useForTls } from "./network";
import { performTask } from "./perform";
import { RunState } from "./run-state";
import { toComponentError } from "./safe-json";
import { captureOutput, freshEnvironment, trackTimers, watchParent } from "./surroundings";

/** The process components run in: one job at a time, sent by the host. It ends with the host. */
let current: RunState | undefined;
const send = (message: FromWorker): void => void process.send?.(message);

if (process.env.HOST_ENDS_PROCESS === undefined) watchParent();
else process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
if (process.env.HOST_ROUTES_CONNECTIONS !== undefined)
  routeConnections((id, host, port) => send({ type: "dial", id, host, port }));
captureOutput(() => current);
const timers = trackTimers();
(globalThis as Record<string, unknown>).defineComponent = (component: unknown) => component;

process.on("message", (message: ToWorker, socket: unknown) => {
  if (message.type === "job") void perform(message.job);
  else if (message.type === "ping") send({ type: "pong" });
  else if (message.type === "tls") useForTls(message.options);
  else if (message.type === "dialed") dialed(message, socket instanceof Socket ? socket : undefined);
  else current?.answered(message.call, message.value, message.error);
});
// A throw outside of the awaited path ends the run: nobody can tell what state it left behind.
process.on("uncaughtException", (error) => fail(error, "threw outside of its run"));
process.on("unhandledRejection", (error) =>
  fail(error, "left a promise that failed without anybody awaiting it"),
);

async function perform(job: Job): Promise<void> {
  const input = "input" in job.task ? job.task.input : undefined;
  const limits = input?.limits ?? { dbBytes: 0, resultBytes: 16_000_000, saveEvents: 1, saveMs: 0 };
  const state = new RunState(job.id, send, limits, input?.db);
  current = state;
  freshEnvironment(input?.env);
  const outcome = await performTask(job, state);
  if (state.closed) return;
  finish(state, outcome, false);
}

function finish(
  state: RunState,
  outcome: { error?: ReturnType<typeof toComponentError>; result?: string },
  dirty: boolean,
): void {
  const save = state.takeSave();
  state.send({ type: "done", job: state.job, ...outcome, ...(save ? { save } : {}), dirty });
  state.closed = true;
  current = undefined;
  timers.clear();
  freshEnvironment(undefined);
}

function fail(thrown: unknown, how: string): void {
  const state = current;
  if (!state || state.closed) return;
  const error = toComponentError(thrown);
  finish(
    state,
    { error: { ...error, message: `The component ${how}: ${error.message}`, limit: "crash" } },
    true,
  );
}

send({ type: "ready" });
