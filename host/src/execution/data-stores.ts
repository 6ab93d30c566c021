import { newId } from "../encryption";
import type { Database } from "../db/database";

/** Methods of a `data_store` prop, by store id or name; a name that is new makes a store. Values are JSON. */
export class DataStores {
  constructor(readonly db: Database) {}

  async list(user: string): Promise<{ id: string; name: string }[]> {
    return this.db.query("select id, name from data_stores where external_user_id = $1 order by name", [
      user,
    ]);
  }

  /** Answers one call of a component. Rejects with words for a method that does not exist. */
  async call(user: string, method: string, args: unknown[]): Promise<unknown> {
    const [store, key, value, ttl] = args;
    const id = await this.#idOf(user, String(store));
    const live = "store_id = $1 and (expires_at is null or expires_at > $2)";
    const now = Date.now();
    switch (method) {
      case "get":
      case "has": {
        const [row] = await this.db.query<{ value: string }>(
          `select value from data_store_entries where ${live} and key = $3`,
          [id, now, String(key)],
        );
        if (method === "has") return row !== undefined;
        return row && (JSON.parse(row.value) as unknown);
      }
      case "set":
        await this.db.query(
          `insert into data_store_entries (store_id, key, value, expires_at) values ($1, $2, $3, $4)
           on conflict (store_id, key) do update set value = excluded.value, expires_at = excluded.expires_at`,
          [id, String(key), JSON.stringify(value ?? null), expiry(ttl, now)],
        );
        return undefined;
      case "setTtl":
        await this.db.query(
          "update data_store_entries set expires_at = $3 where store_id = $1 and key = $2",
          [id, String(key), expiry(value, now)],
        );
        return undefined;
      case "delete":
        await this.db.query("delete from data_store_entries where store_id = $1 and key = $2", [
          id,
          String(key),
        ]);
        return undefined;
      case "clear":
        await this.db.query("delete from data_store_entries where store_id = $1", [id]);
        return undefined;
      case "keys":
      case "entries": {
        const rows = await this.db.query<{ key: string; value: string }>(
          `select key, value from data_store_entries where ${live} order by key`,
          [id, now],
        );
        if (method === "keys") return rows.map((row) => row.key);
        return rows.map((row) => [row.key, JSON.parse(row.value) as unknown]);
      }
      default:
        throw new Error(`A data store has no method "${method}".`);
    }
  }

  async #idOf(user: string, store: string): Promise<string> {
    await this.db.query(
      `insert into data_stores (id, external_user_id, name)
       select $1, $2, $3 where not exists (select 1 from data_stores where external_user_id = $2 and id = $3)
       on conflict (external_user_id, name) do nothing`,
      [newId("ds"), user, store],
    );
    const [row] = await this.db.query<{ id: string }>(
      "select id from data_stores where external_user_id = $1 and (id = $2 or name = $2)",
      [user, store],
    );
    return row!.id;
  }
}

function expiry(seconds: unknown, now: number): number | null {
  return typeof seconds === "number" && Number.isFinite(seconds) ? now + Math.round(seconds * 1000) : null;
}
