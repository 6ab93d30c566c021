import { setTimeout as delay } from "node:timers/promises";
import type { AdvisoryLocks, LockConnections } from "../db/advisory-lock";
import type { Database } from "../db/database";
import { notify } from "../db/notifications";
import { QUEUE, type JobQueue } from "../db/queue";
import type { TriggerRow } from "../db/schema";
import { HostError, notFound } from "../errors";
import { getTrigger } from "./trigger-rows";
import { wakeAtNext } from "./turns";

/** How long a change waits for the run that goes on before it cuts it off. */
const STOP_WAIT_MS = 10_000;
const LOOK_MS = 25;

export interface ChangeServices {
  db: Database;
  locks: LockConnections;
  queue: JobQueue;
}

/** A change of a trigger that goes on: no other process changes it meanwhile. */
export interface Change {
  /** Does something while no run goes on and none begins. A run that takes too long is cut off: it is done again after what it saved. */
  alone<T>(work: (row: TriggerRow) => Promise<T>): Promise<T>;
}

/** Changes of triggers, one after the other for each, whichever processes they come to. */
export class Changes {
  constructor(readonly services: ChangeServices) {}

  inTurn<T>(id: string, work: (change: Change) => Promise<T>): Promise<T> {
    return this.services.locks.use(async (locks) => {
      try {
        await locks.lock("change", id);
        return await work({ alone: (inner) => this.#alone(locks, id, inner) });
      } finally {
        await this.#wake(id);
      }
    });
  }

  async #alone<T>(locks: AdvisoryLocks, id: string, work: (row: TriggerRow) => Promise<T>): Promise<T> {
    await locks.lock("stop", id);
    try {
      const row = await this.#stopRuns(id);
      const result = await work(row);
      if (locks.lost)
        throw new HostError(
          503,
          "The database was away during the change, and it is not certain how far it came. Look at the trigger and try again.",
        );
      return result;
    } finally {
      await locks.unlock("stop", id).catch(() => undefined);
    }
  }

  /** Waits for the run that goes on, and cuts it off in the end. @returns the trigger with its new revision. */
  async #stopRuns(id: string): Promise<TriggerRow> {
    const { db, queue } = this.services;
    for (const until = performance.now() + STOP_WAIT_MS; performance.now() < until; await delay(LOOK_MS)) {
      if ((await queue.runningSince(db, QUEUE.sourceRuns, id)) === undefined) break;
      if (!(await getTrigger(db, id))) break;
    }
    return db.transaction().execute(async (tx) => {
      const row = await tx
        .updateTable("triggers")
        .set((eb) => ({ revision: eb("revision", "+", 1) }))
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirst();
      if (!row) throw notFound("trigger", id, "It may have been deleted.");
      await notify(tx, { kind: "cut", trigger: id, revision: row.revision });
      return row;
    });
  }

  /** Whatever became of the change, the trigger goes on. */
  async #wake(id: string): Promise<void> {
    const { db, queue } = this.services;
    await db
      .transaction()
      .execute(async (tx) => {
        const row = await tx
          .selectFrom("triggers")
          .selectAll()
          .where("id", "=", id)
          .forNoKeyUpdate()
          .executeTakeFirst();
        if (row) await wakeAtNext(tx, queue, row);
        await notify(tx, { kind: "trigger", trigger: id });
      })
      // Housekeeping finds triggers without a job.
      .catch(() => undefined);
  }
}
