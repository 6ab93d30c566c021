import { createHash, randomUUID } from "node:crypto";

/** A new sys_id: 32 hex digits. */
export function newId(): string {
  return randomUUID().replaceAll("-", "");
}

/** The same 32 hex digits for the same words, always: sys_ids of seeded records. */
export function fixedId(...words: string[]): string {
  return createHash("md5").update(words.join("\0")).digest("hex");
}
