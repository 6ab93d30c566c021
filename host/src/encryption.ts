import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** Encrypts what is stored (AES-256-GCM) and signs what goes out (HMAC-SHA-256), with keys derived from one. */
export class Encryption {
  readonly #encryptionKey: Buffer;
  readonly #signingKey: Buffer;

  constructor(key: Buffer) {
    this.#encryptionKey = Buffer.from(hkdfSync("sha256", key, "", "encryption at rest", 32));
    this.#signingKey = Buffer.from(hkdfSync("sha256", key, "", "signatures", 32));
  }

  /** `purpose` is bound to the text: what was encrypted for one place cannot be moved to another. */
  encrypt(value: unknown, purpose: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#encryptionKey, iv);
    cipher.setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
    return `v1.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url")}`;
  }

  /** @throws Error that names the key as the likely cause. */
  decrypt<T>(text: string, purpose: string): T {
    try {
      const bytes = Buffer.from(text.slice(3), "base64url");
      const decipher = createDecipheriv("aes-256-gcm", this.#encryptionKey, bytes.subarray(0, 12));
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(bytes.subarray(12, 28));
      const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
      return JSON.parse(plain.toString("utf8")) as T;
    } catch {
      throw new Error(
        "A stored secret cannot be decrypted: the encryption key is not the one it was stored with, or somebody changed the row it is in. Start with the former HOST_ENCRYPTION_KEY or key file, or connect the accounts again.",
      );
    }
  }

  sign(text: string): string {
    return createHmac("sha256", this.#signingKey).update(text).digest("base64url");
  }

  isSignedBy(text: string, signature: string): boolean {
    return sameText(this.sign(text), signature);
  }
}

/** Compares without telling by its time where the texts differ. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(left!, right!);
}

export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/** A new random id with the prefix the Connect API uses for its kind. */
export function newId(prefix: string): string {
  const alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz";
  return `${prefix}_${Array.from(randomBytes(14), (byte) => alphabet[byte % alphabet.length]).join("")}`;
}

const KEY_BYTES = 32;
const KEY_VARIABLE = "HOST_ENCRYPTION_KEY";
export const keyFile = (dataDir: string): string => join(dataDir, "encryption.key");

/** What a message calls the key's place. */
export function placeOfKey(text: string | undefined, dataDir: string): string {
  return text !== undefined && text !== "" ? KEY_VARIABLE : keyFile(dataDir);
}

/**
 * The key from `HOST_ENCRYPTION_KEY`, or from `<dataDir>/encryption.key`, which is made with mode 600 at the first start. Both hold exactly
 * 32 bytes, in base64, base64url or hex.
 *
 * @throws Error when what is there is not such a key; nothing is started with another.
 */
export function loadEncryption(text: string | undefined, dataDir: string): Encryption {
  if (text !== undefined && text !== "") return encryptionOf(text, KEY_VARIABLE);
  const file = keyFile(dataDir);
  return encryptionOf(
    secretFile(file, () => randomBytes(KEY_BYTES).toString("base64")),
    file,
  );
}

/** With the key that this text holds. @throws Error that names where the text came from, and does not show it. */
export function encryptionOf(text: string, where: string): Encryption {
  return new Encryption(readKey(text, where));
}

/** @throws Error that names where the text came from, and does not show it. */
function readKey(given: string, where: string): Buffer {
  const text = given.trim();
  const key = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, "hex")
    : /^[\w+/-]{43}=?$/.test(text)
      ? Buffer.from(text, "base64")
      : undefined;
  if (key?.length === KEY_BYTES) return key;
  throw new Error(
    text === ""
      ? `${where} is empty. Put the key back from a copy; without it, what is encrypted in the database cannot be read. A file that is deleted is made anew, and the accounts must then be connected again.`
      : `${where} is not a key: it takes exactly ${KEY_BYTES} bytes as base64 (44 characters) or hex (64). \`openssl rand -base64 32\` makes one. A passphrase that was used before becomes the same key by: printf %s PASSPHRASE | openssl dgst -sha256 -binary | openssl base64`,
  );
}

/** The content of a file only its owner may read; made whole or not at all, and on disk, when absent. */
export function secretFile(path: string, make: () => string): string {
  if (!existsSync(path)) {
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, make(), { mode: 0o600, flush: true });
    try {
      linkSync(temporary, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(temporary, { force: true });
    }
    syncFolder(dirname(path));
  }
  return readFileSync(path, "utf8");
}

/** Makes what was renamed or linked in the folder last through a power cut. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
