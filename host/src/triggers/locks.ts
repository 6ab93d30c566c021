import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../db/database";
import { claimDue, claimOne, freeLock, getTrigger, keepLocks, type TriggerRow } from "./trigger-rows";

const LOOK_MS = 25;

/**
 * The triggers that this process has locked, one run each. Only the locks of runs that go on are renewed: what is lost on the way, be
 * it an answer of the database or the end of a run, ends by itself after half a minute.
 */
export class Locks {
  readonly #held = new Set<string>();

  constructor(
    readonly db: Database,
    readonly hostId: string,
  ) {}

  /** Up to `limit` triggers that are due, each locked. */
  async due(limit: number): Promise<TriggerRow[]> {
    return (await claimDue(this.db, this.hostId, Date.now(), limit)).map((row) => this.#hold(row));
  }

  /** The trigger, locked; undefined while another run has it, or when there is none. */
  async one(id: string): Promise<TriggerRow | undefined> {
    const row = await claimOne(this.db, this.hostId, id, Date.now());
    return row && this.#hold(row);
  }

  /** The trigger, locked as soon as no run has it; undefined after `waitMs`, or when there is none. */
  async wait(id: string, waitMs: number): Promise<TriggerRow | undefined> {
    for (const until = Date.now() + waitMs; ; await delay(LOOK_MS)) {
      const row = await this.one(id);
      if (row || Date.now() >= until || !(await getTrigger(this.db, id))) return row;
    }
  }

  /** The trigger, taken from the run that has it: what that run has not saved by now is refused. */
  async take(id: string): Promise<TriggerRow | undefined> {
    const row = await claimOne(this.db, this.hostId, id, Date.now(), { force: true });
    return row && this.#hold(row);
  }

  /** Renews the locks of the runs that go on. */
  async keep(): Promise<void> {
    if (this.#held.size > 0) await keepLocks(this.db, [...this.#held], Date.now());
  }

  /** The run is over, and its lock given back or left to run out. */
  forget(lockRun: string): void {
    this.#held.delete(lockRun);
  }

  /** Gives a lock back without a run. */
  async free(lockRun: string): Promise<void> {
    this.forget(lockRun);
    await freeLock(this.db, lockRun);
  }

  #hold(row: TriggerRow): TriggerRow {
    if (row.lock_run) this.#held.add(row.lock_run);
    return row;
  }
}
