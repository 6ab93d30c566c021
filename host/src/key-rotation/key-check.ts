import type { Database } from "../db/database";
import { encryptedFor } from "../encrypted-for";
import type { Encryption } from "../encryption";

/** The row of `key_check` that tells the key. */
export const KEY_CHECK = 1;

/** The row that says of a key whether the database was encrypted with it. */
const keyCheck = (encryption: Encryption): { id: number; encrypted: string } => ({
  id: KEY_CHECK,
  encrypted: encryption.encrypt("This key is the one.", encryptedFor.keyCheck),
});

/** Whether this is the key of the database. The first key that an empty database meets is. */
export async function isKeyOf(db: Database, encryption: Encryption): Promise<boolean> {
  const check = await db
    .selectFrom("key_check")
    .select("encrypted")
    .where("id", "=", KEY_CHECK)
    .executeTakeFirst();
  if (check) return opens(encryption, check.encrypted, encryptedFor.keyCheck);
  // A database of before the check.
  const account = await db.selectFrom("accounts").select(["id", "encrypted"]).limit(1).executeTakeFirst();
  if (account && !opens(encryption, account.encrypted, `account ${account.id}`)) return false;
  await db
    .insertInto("key_check")
    .values(keyCheck(encryption))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return isKeyOf(db, encryption);
}

function opens(encryption: Encryption, encrypted: string, purpose: string): boolean {
  try {
    encryption.decrypt(encrypted, purpose);
    return true;
  } catch {
    return false;
  }
}

/**
 * Before anything is read or written with the key.
 *
 * @throws Error that says where the key came from, when the database was encrypted with another.
 */
export async function checkKey(db: Database, encryption: Encryption, where: string): Promise<void> {
  if (await isKeyOf(db, encryption)) return;
  throw new Error(
    `The key in ${where} is not the one that this database was encrypted with. Start with that one; npm run rotate-key changes to another, and finishes a change that was cut off.`,
  );
}
