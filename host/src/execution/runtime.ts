import { Outbound } from "../outbound/outbound";
import type { JobOutcome } from "./component-process";
import { ProcessPool, type PoolJob, type PoolOptions } from "./pool";
import type { ComponentError, LogEntry, Save } from "./protocol";
import { redactor } from "./redact";

/** A job with the secrets it gets; they are masked in everything that comes back. */
export interface RuntimeJob extends PoolJob {
  secrets: string[];
}

/** Runs component code in isolated processes and keeps secrets out of what it says. */
export class Runtime {
  readonly pool: ProcessPool;
  /** What this host asks of the network, for itself and for its components. */
  readonly outbound: Outbound;

  constructor(options: PoolOptions) {
    this.outbound = options.surroundings?.outbound ?? new Outbound();
    this.pool = new ProcessPool(options);
  }

  /** Called when a task has ended; set by whoever counts them. */
  onEnd: (task: string, outcome: "ok" | "error", seconds: number) => void = () => undefined;

  /** Never rejects. Logs, events, errors and results are masked before anyone sees them; the source's db is not. */
  async run(job: RuntimeJob): Promise<JobOutcome> {
    const mask = redactor(job.secrets);
    const { onLog, onSave } = job.handlers;
    const began = performance.now();
    const outcome = await this.pool.run({
      ...job,
      handlers: {
        ...job.handlers,
        onLog: onLog && ((entry: LogEntry) => onLog({ ...entry, message: mask(entry.message) })),
        onSave: onSave && ((save) => onSave(maskSave(save, mask))),
      },
    });
    this.onEnd(job.task.type, outcome.error ? "error" : "ok", (performance.now() - began) / 1000);
    return {
      ...(outcome.error ? { error: maskError(outcome.error, mask) } : {}),
      ...(outcome.result !== undefined ? { result: mask(outcome.result), unmasked: outcome.result } : {}),
      ...(outcome.save ? { save: maskSave(outcome.save, mask) } : {}),
    };
  }

  stop(): void {
    this.pool.stop();
  }
}

function maskSave(save: Save, mask: (text: string) => string): Save {
  return {
    ...save,
    events: save.events.map((event) => ({
      ...event,
      payload: mask(event.payload),
      ...(event.summary !== undefined ? { summary: mask(event.summary) } : {}),
    })),
  };
}

function maskError(error: ComponentError, mask: (text: string) => string): ComponentError {
  return {
    ...error,
    name: mask(error.name),
    message: mask(error.message),
    ...(error.stack !== undefined ? { stack: mask(error.stack) } : {}),
    ...(error.problems
      ? { problems: error.problems.map((problem) => ({ ...problem, message: mask(problem.message) })) }
      : {}),
  };
}
