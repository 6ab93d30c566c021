import { sql } from "kysely";
import { nowMs, type Database } from "../db/database";
import { newId } from "../encryption";

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
        return this.#set(id, String(key), value, ttl);
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
        const rows = await this.#live(id).orderBy("key").execute();
        if (method === "keys") return rows.map((row) => row.key);
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

  async #set(store: string, key: string, value: unknown, ttl: unknown): Promise<undefined> {
    await this.db
      .insertInto("data_store_entries")
      .values({ store_id: store, key, value: JSON.stringify(value ?? null), expires_at: expiry(ttl) })
      .onConflict((conflict) =>
        conflict.columns(["store_id", "key"]).doUpdateSet((eb) => ({
          value: eb.ref("excluded.value"),
          expires_at: eb.ref("excluded.expires_at"),
        })),
      )
      .execute();
    return undefined;
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
