import { createHash } from "node:crypto";
import { sql } from "kysely";
import pg from "pg";
import type { ConnectionSettings, Queryable } from "./database";

/** What a lock is about: a trigger is being changed, or no run of it may begin. */
export type LockKind = "change" | "stop";
const KINDS: Record<LockKind, number> = { change: 7301, stop: 7302 };

function keyOf(id: string): number {
  return createHash("sha256").update(id).digest().readInt32BE();
}

/** Each change of a trigger has a connection of its own while it goes on. */
const MOST_CONNECTIONS = 10;

/** Connections that hold locks: PostgreSQL gives a lock back when its connection or process ends. */
export class LockConnections {
  readonly #pool: pg.Pool;

  constructor(settings: ConnectionSettings) {
    this.#pool = new pg.Pool({ ...settings, max: MOST_CONNECTIONS, application_name: "host change" });
    this.#pool.on("error", () => undefined);
  }

  /** Does something with locks of its own; whatever is locked at its end is given back. */
  async use<T>(work: (locks: AdvisoryLocks) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      return await work(new AdvisoryLocks(client));
    } finally {
      client.release(true);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/** Locks of one connection. */
export class AdvisoryLocks {
  readonly #client: pg.PoolClient;
  #lost = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
    client.on("error", () => (this.#lost = true));
    client.on("end", () => (this.#lost = true));
  }

  /** True once the connection is gone, and the locks with it. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Waits until nobody else has the lock. */
  async lock(kind: LockKind, id: string): Promise<void> {
    await this.#client.query("select pg_advisory_lock($1, $2)", [KINDS[kind], keyOf(id)]);
  }

  async unlock(kind: LockKind, id: string): Promise<void> {
    await this.#client.query("select pg_advisory_unlock($1, $2)", [KINDS[kind], keyOf(id)]);
  }
}

/** Whether nobody has the lock; if so, nobody gets it before this transaction ends. */
export async function isFree(tx: Queryable, kind: LockKind, id: string): Promise<boolean> {
  const { rows } = await sql<{ free: boolean }>`
    select pg_try_advisory_xact_lock_shared(${KINDS[kind]}::int, ${keyOf(id)}::int) as free`.execute(tx);
  return rows[0]?.free === true;
}
