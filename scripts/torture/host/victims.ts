import { startWorker, type Worker } from "../../hosts/worker";

/** Workers that are killed and started again, at most one of them at a time. */
export class Victims {
  readonly #env: Record<string, string>;
  readonly #workers: Worker[] = [];
  kills = 0;

  constructor(env: Record<string, string>) {
    this.#env = env;
  }

  async start(count: number): Promise<void> {
    while (this.#workers.length < count) this.#workers.push(await startWorker(this.#env));
  }

  /** Ends the oldest with `kill -9` and starts another. */
  async killOne(): Promise<void> {
    const victim = this.#workers.shift();
    if (!victim) return;
    await victim.kill();
    this.kills += 1;
    this.#workers.push(await startWorker(this.#env));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()));
  }
}
