import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../errors";
import type { HttpReply } from "../execution/protocol";
import type { Encryption } from "../encryption";
import type { Database } from "../db/database";
import { getTrigger, type TriggerRow } from "./trigger-rows";
import type { Triggers } from "./triggers";

/** What became of a request whose sender waits: the source's own reply, how its run ended without one, or that it was not run. */
export type Answered = HttpReply | "ok" | "error" | "busy" | "gone";

interface Waiting {
  event: Record<string, unknown>;
  settle(answered: Answered): void;
}

export interface EndpointQueueOptions {
  db: Database;
  encryption: Encryption;
  triggers: Triggers;
  log(message: string): void;
}

/** How long a sender waits for its turn. */
const WAIT_MS = 60_000;
const MOST_WAITING = 1000;
const MOST_STORED = 10_000;

/**
 * Requests at the endpoints of sources, one after the other for each source, in the order they came. What is answered before it is run
 * is stored first (encrypted), and is run even when the host ends in between. A run that was cut off by the host's end is done again.
 */
export class EndpointQueue {
  readonly #options: EndpointQueueOptions;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #drains = new Map<string, Promise<void>>();
  /** Sources that got something new while their queue was being emptied. */
  readonly #again = new Set<string>();
  #stopped = false;

  constructor(options: EndpointQueueOptions) {
    this.#options = options;
  }

  /** Stores a request to be run soon. @returns false when too many of this source are waiting. */
  async accept(trigger: string, event: Record<string, unknown>): Promise<boolean> {
    const { db, encryption } = this.#options;
    const stored = await db.query(
      `insert into endpoint_requests (trigger_id, sealed, created_at)
       select $1, $2, $3 where (select count(*) from endpoint_requests where trigger_id = $1) < ${MOST_STORED} returning seq`,
      [trigger, encryption.encrypt(event, `request ${trigger}`), Date.now()],
    );
    this.#drain(trigger);
    return stored.length > 0;
  }

  /** Runs a request in its turn, within a minute. Never rejects. */
  answer(trigger: string, event: Record<string, unknown>): Promise<Answered> {
    const queue = this.#waiting.get(trigger) ?? [];
    if (this.#stopped || queue.length >= MOST_WAITING) return Promise.resolve("busy");
    this.#waiting.set(trigger, queue);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        const at = queue.indexOf(waiting);
        if (at < 0) return;
        queue.splice(at, 1);
        resolve("busy");
      }, WAIT_MS);
      const waiting: Waiting = {
        event,
        settle: (answered) => {
          clearTimeout(timer);
          resolve(answered);
        },
      };
      queue.push(waiting);
      this.#drain(trigger);
    });
  }

  /** Goes on with requests that were stored before, by this process or one that has ended. */
  async resume(): Promise<void> {
    const rows = await this.#options.db.query<{ id: string }>(
      "select id from triggers where active and id in (select trigger_id from endpoint_requests)",
    );
    for (const { id } of rows) this.#drain(id);
  }

  /** Starts nothing more. Who waits is told to come again. */
  stop(): void {
    this.#stopped = true;
    for (const queue of this.#waiting.values()) for (const waiting of queue.splice(0)) waiting.settle("busy");
  }

  /** Waits for the runs that are still going on. */
  async settled(): Promise<void> {
    await Promise.all(this.#drains.values());
  }

  #drain(trigger: string): void {
    if (this.#stopped) return;
    if (this.#drains.has(trigger)) {
      this.#again.add(trigger);
      return;
    }
    const drain = this.#empty(trigger)
      .catch(async (error: unknown) => {
        if (this.#stopped) return;
        this.#options.log(`Requests to ${trigger} could not be run and are tried again: ${messageOf(error)}`);
        this.#again.add(trigger);
        await delay(1000);
      })
      .finally(() => {
        this.#drains.delete(trigger);
        if (this.#again.delete(trigger) || this.#waiting.get(trigger)?.length) this.#drain(trigger);
        else this.#waiting.delete(trigger);
      });
    this.#drains.set(trigger, drain);
  }

  async #empty(trigger: string): Promise<void> {
    const { triggers } = this.#options;
    while (!this.#stopped && (await this.#hasWork(trigger))) {
      const row = await triggers.lock(trigger);
      if (!row) continue;
      let isDone = false;
      try {
        // A poll that is due comes first: a stream of requests must not keep it waiting.
        if (row.active && row.next_run_at !== null && row.next_run_at <= Date.now())
          isDone = Boolean(await triggers.runs.poll(row));
        // It may have been paused while the lock was waited for.
        else if (this.#isOpen(row)) isDone = await this.#runNext(row);
      } finally {
        if (!isDone) await this.#release(row);
      }
    }
  }

  #isOpen(row: TriggerRow): boolean {
    return row.state !== "ready" || row.active || this.#options.triggers.activating.has(row.id);
  }

  /** False also when the trigger was paused or deleted: what it was sent before stays stored, or went with it. */
  async #hasWork(trigger: string): Promise<boolean> {
    const row = await getTrigger(this.#options.db, trigger);
    if (!row || !this.#isOpen(row)) {
      for (const waiting of this.#waiting.get(trigger)?.splice(0) ?? []) waiting.settle("gone");
      return false;
    }
    if (this.#waiting.get(trigger)?.length) return true;
    const stored = await this.#options.db.query(
      "select 1 as stored from endpoint_requests where trigger_id = $1 limit 1",
      [trigger],
    );
    return stored.length > 0;
  }

  /** Runs the next request under the lock of the row. @returns false when another process has run it. */
  async #runNext(row: TriggerRow): Promise<boolean> {
    const { db, encryption, triggers } = this.#options;
    const waiting = this.#waiting.get(row.id)?.shift();
    if (waiting) {
      try {
        const run = await triggers.runs.http(row, waiting.event, (reply) => waiting.settle(reply));
        waiting.settle(run.status === "error" ? "error" : "ok");
      } finally {
        waiting.settle("error");
      }
      return true;
    }
    const [stored] = await db.query<{ seq: number; sealed: string }>(
      "select seq, sealed from endpoint_requests where trigger_id = $1 order by seq limit 1",
      [row.id],
    );
    if (!stored) return false;
    const event = encryption.decrypt<Record<string, unknown>>(stored.sealed, `request ${row.id}`);
    const run = await triggers.runs.http(row, event, () => undefined);
    // Cut off by the host's end: it is done again.
    if (!this.#stopped || run.status !== "error")
      await db.query("delete from endpoint_requests where seq = $1", [stored.seq]);
    return true;
  }

  async #release(row: TriggerRow): Promise<void> {
    await this.#options.triggers.runs.services.locks.free(row.lock_run ?? "");
  }
}
