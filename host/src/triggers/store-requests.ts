import { sql } from "kysely";
import type { Database, Tx } from "../db/database";
import { notifyAll } from "../db/notifications";
import { QUEUE, WAITED_FOR, type JobQueue } from "../db/queue";
import type { RunRequestRow, TriggerRow } from "../db/schema";
import { isDatabaseAway, withoutDeadlock } from "../db/unavailable";
import { groupOf } from "./trigger-rows";

/** How long somebody waits for the turn of their request. */
export const WAIT_MS = 60_000;
const MOST_STORED = 10_000;
const MOST_WAITING = 1000;
/** Of one source. */
const MOST_STORED_BYTES = 100_000_000;
/** Requests that are stored in one transaction. */
const MOST_AT_ONCE = 200;

export interface NewRequest {
  row: TriggerRow;
  kind: RunRequestRow["kind"];
  encrypted: string | null;
  /** Somebody waits for the outcome. */
  waits: boolean;
}

interface Waiting extends NewRequest {
  resolve: (seq: number | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Stores requests in the order they come: those that come while others are stored go into one transaction together, so that a
 * burst costs a few statements, and one write to the disk, for all of it.
 */
export class RequestStore {
  readonly #db: Database;
  readonly #queue: JobQueue;
  #waiting: Waiting[] = [];
  #isStoring = false;

  constructor(db: Database, queue: JobQueue) {
    this.#db = db;
    this.#queue = queue;
  }

  /** @returns its number; undefined when too many of this source are waiting, or the source is gone. */
  add(request: NewRequest): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...request, resolve, reject });
      void this.#storeAll();
    });
  }

  async #storeAll(): Promise<void> {
    if (this.#isStoring) return;
    this.#isStoring = true;
    // Requests that arrived in the same moment are parsed first.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#storeBatch(this.#waiting.splice(0, MOST_AT_ONCE));
    this.#isStoring = false;
  }

  /** Never rejects: each request is told. One that cannot be stored takes none of the others with it. */
  async #storeBatch(batch: Waiting[]): Promise<void> {
    try {
      const numbers = await withoutDeadlock(() =>
        this.#db.transaction().execute((tx) => this.#insert(tx, batch)),
      );
      for (const [at, { resolve }] of batch.entries()) resolve(numbers[at]);
    } catch (error) {
      if (batch.length === 1 || isDatabaseAway(error)) for (const { reject } of batch) reject(error);
      else for (const request of batch) await this.#storeBatch([request]);
    }
  }

  async #insert(tx: Tx, batch: NewRequest[]): Promise<(number | undefined)[]> {
    const taken = await this.#withRoom(tx, batch);
    if (taken.length === 0) return batch.map(() => undefined);
    const { rows } = await sql<{ seq: number }>`
      with stored as (
        insert into run_requests (trigger_id, kind, encrypted, waits_until, created_at)
        select trigger_id, kind, encrypted, case when waits then now_ms() + ${WAIT_MS} end, now_ms()
        from unnest(
          ${taken.map(({ row }) => row.id)}::text[],
          ${taken.map(({ kind }) => kind)}::text[],
          ${taken.map(({ encrypted }) => encrypted)}::text[],
          ${taken.map(({ waits }) => waits)}::boolean[]
        ) with ordinality as r(trigger_id, kind, encrypted, waits, place)
        order by place
        returning seq
      )
      select seq from stored order by seq`.execute(tx);
    const numbers = rows.map(({ seq }) => seq);
    const byRequest = new Map(taken.map((request, at) => [request, numbers[at]]));
    await this.#wake(tx, taken);
    return batch.map((request) => byRequest.get(request));
  }

  /** Locks the sources, so that a turn that is about to end sees these requests. @returns those of them that are taken. */
  async #withRoom(tx: Tx, batch: NewRequest[]): Promise<NewRequest[]> {
    const ids = [...new Set(batch.map(({ row }) => row.id))];
    const { rows } = await sql<{ id: string; stored: number; bytes: number }>`
      select t.id, r.stored, r.bytes
      from triggers t cross join lateral (
        select count(*) as stored, coalesce(sum(octet_length(encrypted)), 0) as bytes
        from run_requests where trigger_id = t.id
      ) as r
      where t.id = any(${ids}::text[]) order by t.id for no key update of t`.execute(tx);
    const room = new Map(rows.map(({ id, stored, bytes }) => [id, { stored, bytes: Number(bytes) }]));
    return batch.filter(({ row, waits, encrypted }) => {
      const found = room.get(row.id);
      const bytes = encrypted?.length ?? 0;
      if (!found || found.stored >= (waits ? MOST_WAITING : MOST_STORED)) return false;
      if (found.bytes + bytes > MOST_STORED_BYTES) return false;
      found.stored += 1;
      found.bytes += bytes;
      return true;
    });
  }

  /** A source whose turn goes on takes them in it: its turn ends under the lock of its row, and sees what is left. */
  async #wake(tx: Tx, taken: NewRequest[]): Promise<void> {
    const rows = new Map(taken.map(({ row }) => [row.id, row]));
    const waitedFor = new Set(taken.filter(({ waits }) => waits).map(({ row }) => row.id));
    const running = await this.#queue.runningKeys(tx, QUEUE.sourceRuns, [...rows.keys()]);
    for (const [id, row] of rows)
      if (!running.has(id))
        await this.#queue.upsert(tx, QUEUE.sourceRuns, id, {
          priority: waitedFor.has(id) ? WAITED_FOR : 0,
          group: groupOf(row),
        });
    await notifyAll(
      tx,
      [...running.keys()].map((trigger) => ({ kind: "requests", trigger })),
    );
  }
}
