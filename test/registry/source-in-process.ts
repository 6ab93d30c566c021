import { join } from "node:path";
import { Runtime } from "../../host/src/execution/runtime";
import type { ExecutionInput, HookName, Save, Task } from "../../host/src/execution/protocol";

export const root = join(__dirname, "../..");

export interface Emitted {
  id: string | undefined;
  summary: string | undefined;
  ts: number | undefined;
  data: unknown;
}

export const runtime = (): Runtime =>
  new Runtime({
    workerFile: join(root, "host/dist/worker.mjs"),
    maxProcesses: 2,
    limits: { memoryMb: 256 },
    idleMs: 60_000,
    maxJobs: 10_000,
  });

/** A source from a file, run as a platform runs it: in a process of its own, its db kept between runs. */
export class SourceInProcess {
  #db: Record<string, unknown> = {};

  constructor(
    readonly runtime: Runtime,
    readonly file: string,
    readonly auth: Record<string, unknown>,
    readonly props: Record<string, unknown>,
  ) {}

  async deploy(): Promise<Emitted[]> {
    return [...(await this.hook("deploy")), ...(await this.hook("activate"))];
  }

  hook(hook: HookName): Promise<Emitted[]> {
    return this.#run((input) => ({ type: "hook", input, hook, emitting: true }));
  }

  poll(): Promise<Emitted[]> {
    return this.#run((input) => ({ type: "source", input, event: { timestamp: 1_785_500_000 } }));
  }

  async #run(task: (input: ExecutionInput) => Task): Promise<Emitted[]> {
    const emitted: Emitted[] = [];
    const { error } = await this.runtime.run({
      file: this.file,
      tenant: this.file,
      task: task({
        configuredProps: { timer: { intervalSeconds: 60 }, ...this.props },
        auth: {},
        defaultAuth: this.auth,
        strictProps: true,
        db: JSON.stringify(this.#db),
        limits: { dbBytes: 60 * 1024, resultBytes: 64_000_000, saveEvents: 1_000_000, saveMs: 3_600_000 },
      }),
      timeoutMs: 120_000,
      secrets: [],
      handlers: {
        onSave: (save: Save) => {
          for (const { id, summary, ts, payload } of save.events)
            emitted.push({ id, summary, ts, data: JSON.parse(payload) as unknown });
          this.#db = { ...this.#db, ...(save.db ? (JSON.parse(save.db) as object) : {}) };
          for (const name of save.dbDeleted ?? []) delete this.#db[name];
          return Promise.resolve();
        },
      },
    });
    if (error) throw new Error(error.message);
    return emitted;
  }
}
