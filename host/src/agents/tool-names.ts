import { createHash } from "node:crypto";

/** Clients refuse longer names, and other characters than letters, digits, `_` and `-`. */
const LONGEST = 64;
const HASH = 8;

/** The key of an action as the name of a tool: the key itself wherever that is allowed, otherwise shortened and told apart by a hash. */
export function toolName(key: string): string {
  const allowed = key.replace(/[^A-Za-z0-9_-]/g, "_");
  if (allowed === key && key.length <= LONGEST) return key;
  const hash = createHash("sha256").update(key).digest("hex").slice(0, HASH);
  return `${allowed.slice(0, LONGEST - HASH - 1)}-${hash}`;
}
