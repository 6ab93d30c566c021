import { messageOf } from "../errors";
import type { Database } from "../db/database";
import { prune } from "./trigger-rows";
import type { Locks } from "./locks";
import type { SourceRuns } from "./source-runs";

export interface SchedulerOptions {
  db: Database;
  runs: SourceRuns;
  locks: Locks;
  /** Most polls at a time; others wait for their turn in the order they were due. */
  concurrency: number;
  /** Done every fifteen seconds: token renewal. */
  housekeeping(): Promise<void>;
  log(message: string): void;
}

const LONGEST_SLEEP_MS = 1000;
const HEARTBEAT_MS = 10_000;
const HOUSEKEEPING_MS = 15_000;
const PRUNE_MS = 600_000;
const KEEP = { runs: 100, events: 100_000 };

/** Starts what is due, as often as it is due, and no source twice at a time. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #running = new Set<Promise<unknown>>();
  #timers: NodeJS.Timeout[] = [];
  #wakeUp: NodeJS.Timeout | undefined;
  #looking = false;
  #lookAgain = false;
  #stopped = true;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    const every = (ms: number, what: () => Promise<void>): void => {
      let busy = false;
      this.#timers.push(
        setInterval(() => {
          if (busy) return;
          busy = true;
          what()
            .catch((error: unknown) => this.#options.log(`Housekeeping failed: ${messageOf(error)}`))
            .finally(() => (busy = false));
        }, ms),
      );
    };
    every(HEARTBEAT_MS, () => this.#options.locks.keep());
    every(HOUSEKEEPING_MS, () => this.#options.housekeeping());
    every(PRUNE_MS, () => prune(this.#options.db, KEEP));
    this.wake();
  }

  /** Looks for what is due now. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    clearTimeout(this.#wakeUp);
    this.#looking = true;
    this.#look()
      .catch((error: unknown) => this.#options.log(`Due triggers could not be read: ${messageOf(error)}`))
      .finally(() => {
        this.#looking = false;
        if (this.#stopped) return;
        if (this.#lookAgain) {
          this.#lookAgain = false;
          this.wake();
        } else this.#wakeUp = setTimeout(() => this.wake(), LONGEST_SLEEP_MS);
      });
  }

  async #look(): Promise<void> {
    const { runs, locks, concurrency } = this.#options;
    const free = concurrency - this.#running.size;
    if (free <= 0) return;
    const due = await locks.due(free);
    for (const row of due) {
      const run = runs
        .poll(row)
        .catch((error: unknown) =>
          this.#options.log(
            `A run of ${row.id} could not be recorded, so it is done again: ${messageOf(error)}`,
          ),
        )
        .finally(() => {
          this.#running.delete(run);
          if (this.#running.size === concurrency - 1) this.wake();
        });
      this.#running.add(run);
    }
  }

  /** Starts nothing more and waits up to `graceMs` for what runs. Safe to call twice. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#wakeUp);
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.allSettled(this.#running),
      new Promise((resolve) => (timer = setTimeout(resolve, graceMs))),
    ]);
    clearTimeout(timer);
  }

  /** Waits for the runs that are still going on, after their processes were ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}
