import { randomUUID } from "node:crypto";

/** A new sys_id: 32 hex digits. */
export function newId(): string {
  return randomUUID().replaceAll("-", "");
}
