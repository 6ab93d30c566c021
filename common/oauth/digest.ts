/** SHA-256 of a text, as 64 hexadecimal digits. */
export async function sha256(text: string): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** A digest of a password that takes a while to compute, so that trying words against it is slow. */
export async function slowDigest(secret: string, salt: string): Promise<string> {
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));
  const key = await crypto.subtle.importKey("raw", bytes(secret), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: 100_000 };
  return hex(await crypto.subtle.deriveBits(how, key, 256));
}

/** What a key is called where names are limited: the key itself when it is a digest, otherwise its digest. */
export async function nameOf(key: string): Promise<string> {
  return /^[0-9a-f]{64}$/.test(key) ? key : sha256(key);
}

function hex(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
