import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** One way, salted. Quick on purpose: the users of this instance are made up, and basic auth checks on every call. */
export function hashPassword(password: string, salt = randomBytes(8).toString("hex")): string {
  return `sha256:${salt}:${createHash("sha256").update(`${salt}:${password}`).digest("hex")}`;
}

/** A stored text that is no hash, as a plain write of `user_password` leaves it, fits no password. */
export function passwordFits(password: string, stored: string): boolean {
  const [scheme, salt, hash] = stored.split(":");
  if (scheme !== "sha256" || !salt || !hash) return false;
  const given = createHash("sha256").update(`${salt}:${password}`).digest();
  const wanted = Buffer.from(hash, "hex");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
