import { newId } from "../encryption";
import { HostError, messageOf } from "../errors";
import { hasFiles, type Configured, type Execution } from "../execution/execution";
import type { FileStash, Stash } from "../execution/file-stash";
import type { ActionResult, ComponentError, LogEntry } from "../execution/protocol";
import type { ActionRuns, CallerFacts } from "./action-runs";
import type { RunningActions } from "./running-actions";

export interface ActionRequest extends Configured {
  caller: Omit<CallerFacts, "user">;
  /** The stash of an earlier run, or whether there is to be one. */
  stash?: string | boolean | null | undefined;
  /** Where the caller reaches the host, for the addresses of files. */
  origin: string;
  repeatOf?: string | undefined;
}

/** What came of a run. The component's own failure is an `error`. */
export interface ActionOutcome {
  runId: string;
  error?: ComponentError | undefined;
  logs: LogEntry[];
  ret: unknown;
  exports: Record<string, unknown>;
  stashId: string | null;
}

interface RunnerServices {
  execution: Execution;
  runs: ActionRuns;
  running: RunningActions;
  stash: FileStash;
  timeoutMs: number;
  log: (message: string) => void;
}

const CANCELLED = "It was cancelled. What the action had done by then is done.";

/** Runs actions for the page and the Connect API. Each is a stored run. */
export class ActionRunner {
  constructor(readonly services: RunnerServices) {}

  /** Runs an action to its end. @throws HostError for one that is refused before anything runs; it is stored too. */
  async run(request: ActionRequest): Promise<ActionOutcome> {
    const begun = await this.#begin(request);
    return this.#perform(request, begun);
  }

  /** Begins a run that goes on by itself. @returns its id. */
  async start(request: ActionRequest): Promise<string> {
    const begun = await this.#begin(request);
    void this.#perform(request, begun).catch((error: unknown) => {
      // A refusal is in the row; what is not there was not written.
      if (!(error instanceof HostError))
        this.services.log(`The end of run ${begun.id} could not be written: ${messageOf(error)}`);
    });
    return begun.id;
  }

  async #begin(request: ActionRequest): Promise<{ id: string; stash: Stash | undefined }> {
    const { component, user, configuredProps, dynamicProps, caller, repeatOf } = request;
    const stash = await this.services.stash.open(user, request.stash ?? hasFiles(request));
    const id = await this.services.runs.begin({
      caller: { ...caller, user },
      key: component.key,
      version: component.version,
      props: dynamicProps ?? component.props,
      input: configuredProps,
      stashId: stash?.id,
      repeatOf,
    });
    return { id, stash };
  }

  async #perform(
    request: ActionRequest,
    { id, stash }: { id: string; stash: Stash | undefined },
  ): Promise<ActionOutcome> {
    const { runs, running } = this.services;
    const logs: LogEntry[] = [];
    try {
      return await running.during(id, async (signal) => {
        const { error, result } = await this.#execute(request, stash, logs, signal);
        const done = JSON.parse(result ?? "{}") as Partial<ActionResult>;
        const exports: Record<string, unknown> = { ...done.exports };
        for (const { type } of done.sends ?? []) logs.push(notSent(type));
        const summary = exports.$summary;
        await runs.end(id, {
          status: !error ? "succeeded" : signal.aborted ? "cancelled" : "failed",
          summary: typeof summary === "string" ? summary : undefined,
          result: error ? undefined : JSON.stringify(done.ret ?? null),
          exports,
          error: error && (signal.aborted ? CANCELLED : error.message),
          logs,
        });
        // Addresses of files are good for an hour, so they are made for the caller and not kept.
        if (stash) exports.$filestash_uploads = await this.services.stash.uploads(stash, request.origin);
        return { runId: id, error, logs, ret: done.ret ?? null, exports, stashId: stash?.id ?? null };
      });
    } catch (error) {
      await runs.end(id, { status: "failed", error: messageOf(error), logs });
      throw error;
    }
  }

  #execute(request: ActionRequest, stash: Stash | undefined, logs: LogEntry[], signal: AbortSignal) {
    const { execution, timeoutMs } = this.services;
    const { component, user, configuredProps, dynamicProps } = request;
    return execution.run({
      component,
      user,
      configuredProps,
      ...(dynamicProps ? { dynamicProps } : {}),
      task: (input) => ({
        type: "action",
        input,
        context: { id: newId("ctx"), ts: new Date().toISOString() },
      }),
      timeoutMs,
      signal,
      handlers: { onLog: (entry) => void logs.push(entry) },
      files: stash && { stash, origin: request.origin },
    });
  }
}

const notSent = (type: string): LogEntry => ({
  ts: Date.now(),
  level: "warn",
  message: `$.send.${type} was not sent: only workflows send.`,
});
