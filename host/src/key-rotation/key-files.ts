import { randomBytes } from "node:crypto";
import { renameSync } from "node:fs";
import { connectDatabase } from "../db/connect";
import { migrate } from "../db/migrations";
import { encryptionOf, keyFile, loadEncryption, placeOfKey, secretFile, syncFolder } from "../encryption";
import { bindValues } from "./bind-values";
import { isKeyOf } from "./key-check";
import { encryptPlainAddresses } from "./plain-addresses";
import { rotateKey } from "./rotate-key";

const NEXT = "NEW_ENCRYPTION_KEY";

interface KeyChange {
  dataDir: string;
  databaseUrl: string | undefined;
  /** `HOST_ENCRYPTION_KEY`: the present key; without it the one of the key file. */
  present: string | undefined;
  /** `NEW_ENCRYPTION_KEY`: the next key; without it a random one becomes the key file. */
  next: string | undefined;
  log: (message: string) => void;
}

/**
 * Changes the encryption key of a database that no host uses. The next key is on disk before the database is changed, and becomes the key file
 * after that: a change that was cut off is finished by the same call.
 *
 * @returns how many values were encrypted anew, and where the key is now.
 * @throws Error in words when the present key is not the database's, or a host runs.
 */
export async function changeKey(change: KeyChange): Promise<{ values: number; key: string }> {
  const { dataDir, databaseUrl, present, next, log } = change;
  if (next) encryptionOf(next, NEXT);
  if (present && !next)
    throw new Error(
      "The present key is in HOST_ENCRYPTION_KEY. Give the next one in NEW_ENCRYPTION_KEY: 32 bytes, as `openssl rand -base64 32` makes them.",
    );
  const { db, close } = await connectDatabase({ dataDir, databaseUrl, log });
  try {
    await migrate(db);
    const from = loadEncryption(present, dataDir);
    const waiting = `${keyFile(dataDir)}.next`;
    const to = present
      ? encryptionOf(next ?? "", NEXT)
      : encryptionOf(
          secretFile(waiting, () => next ?? randomBytes(32).toString("base64")),
          waiting,
        );
    let values = 0;
    if (await isKeyOf(db, from)) {
      await encryptPlainAddresses(db, from);
      await bindValues(db, from);
      values = await rotateKey(db, from, to);
    } else if (present || !(await isKeyOf(db, to)))
      throw new Error(
        `The key in ${placeOfKey(present, dataDir)} is not the one that this database was encrypted with, so nothing was changed.`,
      );
    if (present) return { values, key: NEXT };
    renameSync(waiting, keyFile(dataDir));
    syncFolder(dataDir);
    return { values, key: keyFile(dataDir) };
  } finally {
    await close();
  }
}
