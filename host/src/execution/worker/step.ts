import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionResult } from "../protocol";
import { isRecord, asText } from "../../../../components/prop-rules";
import { filesIn } from "./files";
import { toHttpReply } from "./http-reply";
import type { RunState } from "./run-state";

/** Result of a step while it runs; what the component hands over is copied when the step ends. */
export interface StepResult extends ActionResult {
  exports: Record<string, unknown>;
}

/** The `$` of an action and the result it writes to. */
export function makeStep(
  state: RunState,
  context: Record<string, unknown>,
  filesDir: string | undefined,
): { $: Record<string, unknown>; result: StepResult } {
  const result: StepResult = { exports: {}, sends: [] };
  const pause = (
    kind: "delay" | "suspend" | "rerun",
    detail: Record<string, unknown>,
  ): Record<string, string> => {
    if (context.pausable !== true)
      state.log("warn", [`$.flow.${kind} has no effect here: an action that runs alone cannot be paused.`]);
    const key = randomUUID();
    result.flow = { kind, key, ...detail };
    const base = asText(context.resume_base);
    return { resume_url: `${base}/resume/${key}`, cancel_url: `${base}/cancel/${key}` };
  };
  const send = (type: string) => (config: unknown) => void result.sends.push({ type, config });
  const $: Record<string, unknown> = {
    export: (key: string, value: unknown) => void (result.exports[String(key)] = value),
    respond: (reply: unknown): Promise<void> => {
      result.respond ??= toHttpReply(reply);
      if (isRecord(reply) && reply.immediate === true)
        state.send({ type: "respond", job: state.job, reply: result.respond });
      return Promise.resolve();
    },
    flow: {
      exit: (message?: string) => void (result.flow = { kind: "exit", message: message ?? "" }),
      delay: (ms: number, kept?: unknown) => pause("delay", { ms: Number(ms), context: kept }),
      suspend: (ms = 86_400_000, kept?: unknown) => pause("suspend", { ms: Number(ms), context: kept }),
      rerun: (ms = 86_400_000, kept?: unknown, maxRetries = 10) =>
        pause("rerun", { ms: Number(ms), context: kept, maxRetries }),
      refreshTimeout: () => undefined,
      trigger: (workflow: string, payload: unknown) =>
        state.call("workflow.trigger", String(workflow), payload ?? null),
    },
    send: Object.fromEntries(
      ["http", "email", "s3", "emit", "sse", "sql", "snowflake"].map((type) => [type, send(type)]),
    ),
    context: { ...context },
    files: filesIn(filesDir ?? join(tmpdir(), "files"), state),
    service: { db: "$.service.db" },
    interface: {
      http: "$.interface.http",
      timer: "$.interface.timer",
      apphook: "$.interface.apphook",
    },
  };
  $.emit = ($.send as Record<string, unknown>).emit;
  return { $, result };
}
