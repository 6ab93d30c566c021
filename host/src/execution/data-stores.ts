import { sql } from "kysely";
import { nowMs, type Database } from "../db/database";
import { newId } from "../encryption";

const MOST_VALUE_BYTES = 4_000_000;
const MOST_USER_BYTES = 100_000_000;
const MOST_KEY = 2000;

/** Methods of a `data_store` prop, by store id or name; a name that is new makes a store. Values are JSON. */
export class DataStores {
  constructor(readonly db: Database) {}

  list(user: string): Promise<{ id: string; name: string }[]> {
    return this.db
      .selectFrom("data_stores")
      .select(["id", "name"])
      .where("external_user_id", "=", user)
      .orderBy("name")
      .execute();
  }

  /** Answers one call of a component. Rejects with words for a method that does not exist. */
  async call(user: string, method: string, args: unknown[]): Promise<unknown> {
    const [store, key, value, ttl] = args;
    const id = await this.#idOf(user, String(store));
    switch (method) {
      case "get":
        return this.#get(id, String(key));
      case "has":
        return (await this.#get(id, String(key))) !== undefined;
      case "set":
        return this.#set(user, id, String(key), value, ttl);
      case "setTtl":
        await this.db
          .updateTable("data_store_entries")
          .set({ expires_at: expiry(value) })
          .where("store_id", "=", id)
          .where("key", "=", String(key))
          .execute();
        return undefined;
      case "delete":
      case "clear": {
        let rows = this.db.deleteFrom("data_store_entries").where("store_id", "=", id);
        if (method === "delete") rows = rows.where("key", "=", String(key));
        await rows.execute();
        return undefined;
      }
      case "keys":
      case "entries": {
        if (method === "keys")
          return (await this.#live(id).clearSelect().select("key").orderBy("key").execute()).map(
            (row) => row.key,
          );
        const rows = await this.#live(id).orderBy("key").execute();
        return rows.map((row) => [row.key, JSON.parse(row.value) as unknown]);
      }
      default:
        throw new Error(`A data store has no method "${method}".`);
    }
  }

  #live(store: string) {
    return this.db
      .selectFrom("data_store_entries")
      .select(["key", "value"])
      .where("store_id", "=", store)
      .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", nowMs())]));
  }

  async #get(store: string, key: string): Promise<unknown> {
    const row = await this.#live(store).where("key", "=", key).executeTakeFirst();
    return row && (JSON.parse(row.value) as unknown);
  }

  async #set(user: string, store: string, key: string, value: unknown, ttl: unknown): Promise<undefined> {
    const text = JSON.stringify(value ?? null);
    const bytes = Buffer.byteLength(text);
    if (bytes > MOST_VALUE_BYTES || key.length > MOST_KEY)
      throw new Error(
        `A value of a data store takes ${MOST_VALUE_BYTES / 1e6} MB at most, its key ${MOST_KEY} characters. Keep large data in a file, and its address here.`,
      );
    if (bytes + (await this.#bytesOf(user, store, key)) > MOST_USER_BYTES)
      throw new Error(
        `The data stores of a user take ${MOST_USER_BYTES / 1e6} MB at most. Delete what is no longer needed, or give it a time to live.`,
      );
    await this.db
      .insertInto("data_store_entries")
      .values({ store_id: store, key, value: text, expires_at: expiry(ttl) })
      .onConflict((conflict) =>
        conflict.columns(["store_id", "key"]).doUpdateSet((eb) => ({
          value: eb.ref("excluded.value"),
          expires_at: eb.ref("excluded.expires_at"),
        })),
      )
      .execute();
    return undefined;
  }

  /** Of all values of a user but this one. */
  async #bytesOf(user: string, store: string, key: string): Promise<number> {
    const { rows } = await sql<{ bytes: number }>`
      select coalesce(sum(octet_length(e.value) + octet_length(e.key)), 0) as bytes
      from data_store_entries e join data_stores s on s.id = e.store_id
      where s.external_user_id = ${user} and not (e.store_id = ${store} and e.key = ${key})`.execute(this.db);
    return Number(rows[0]?.bytes ?? 0);
  }

  async #idOf(user: string, store: string): Promise<string> {
    const known = await this.#find(user, store);
    if (known !== undefined) return known;
    await this.db
      .insertInto("data_stores")
      .values({ id: newId("ds"), external_user_id: user, name: store })
      .onConflict((conflict) => conflict.columns(["external_user_id", "name"]).doNothing())
      .execute();
    const made = await this.#find(user, store);
    if (made === undefined) throw new Error(`The data store "${store}" could not be made.`);
    return made;
  }

  async #find(user: string, store: string): Promise<string | undefined> {
    const row = await this.db
      .selectFrom("data_stores")
      .select("id")
      .where("external_user_id", "=", user)
      .where((eb) => eb.or([eb("id", "=", store), eb("name", "=", store)]))
      .orderBy(sql`id = ${store}`, "desc")
      .executeTakeFirst();
    return row?.id;
  }
}

function expiry(seconds: unknown) {
  return typeof seconds === "number" && Number.isFinite(seconds)
    ? sql<number>`now_ms() + ${Math.round(seconds * 1000)}::bigint`
    : null;
}
