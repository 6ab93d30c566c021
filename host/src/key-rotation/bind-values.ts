import type { Database } from "../db/database";
import { encryptedFor } from "../encrypted-for";
import type { Encryption } from "../encryption";
import { KEY_CHECK } from "./key-check";
import { encryptAnew } from "./rotate-key";

/** The row of `key_check` that says that all values are bound to their places. */
const BOUND = 2;

/**
 * Binds the values of an earlier release to the rows they are in, once. After that a value counts only where it is bound to.
 *
 * @returns how many values there were; 0 when it was done before.
 */
export async function bindValues(db: Database, encryption: Encryption): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // Hosts that start together wait for each other here.
    await tx.selectFrom("key_check").select("id").where("id", "=", KEY_CHECK).forUpdate().execute();
    const done = await tx.selectFrom("key_check").select("id").where("id", "=", BOUND).executeTakeFirst();
    if (done) return 0;
    const values = await encryptAnew(tx, encryption, encryption, true);
    await tx
      .insertInto("key_check")
      .values({
        id: BOUND,
        encrypted: encryption.encrypt("Values are bound to their places.", encryptedFor.keyCheck),
      })
      .execute();
    return values;
  });
}
