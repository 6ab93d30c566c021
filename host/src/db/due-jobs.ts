import { setTimeout as delay } from "node:timers/promises";
import type { JobQueue } from "./queue";

const SHORTEST_MS = 20;
const OVERDUE_MS = 50;
const LONGEST_MS = 500;
const AWAY_MS = 2000;

/**
 * Wakes workers when jobs are due: pg-boss says when a job is made, and not when its time has come. Looks at the latest when the
 * next one is due, and at once when it is told of new ones.
 */
export class DueJobs {
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    readonly queue: JobQueue,
    readonly names: string[],
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Looks at once. */
  look(): void {
    this.#wake.abort();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    /** Looks in a row that found the same overdue jobs: they wait for something else than a worker, such as their share. */
    let fruitless = 0;
    let before = 0;
    while (!this.#stop.signal.aborted) {
      this.#wake = new AbortController();
      let pause = LONGEST_MS;
      try {
        let overdue = 0;
        for (const [name, { due, nextInMs }] of await this.queue.due(this.names)) {
          if (due > 0) this.queue.wakeWorkers(name, due);
          overdue += due;
          if (nextInMs !== undefined) pause = Math.min(pause, Math.max(SHORTEST_MS, nextInMs + 1));
        }
        fruitless = overdue > 0 && overdue <= before ? fruitless + 1 : 0;
        before = overdue;
        if (overdue > 0) pause = Math.min(pause, OVERDUE_MS * 2 ** Math.min(4, fruitless));
      } catch {
        pause = AWAY_MS;
      }
      const signal = AbortSignal.any([this.#wake.signal, this.#stop.signal]);
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
