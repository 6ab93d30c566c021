import type { Position } from "./types";

/** Stands behind every sys_id of a second. */
export const LAST = "~";

/** Sys_ids compare without case, as the database does. */
const folded = (id: string) => id.toLowerCase();

/** Negative where `a` comes before `b`, 0 where they are the same place, positive behind it: by time, then by sys_id without regard to case. */
export function compare(a: Position, b: Position): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.id === b.id) return 0;
  const left = folded(a.id);
  const right = folded(b.id);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The place that is further on; `a` where they are the same. */
export const latest = (a: Position, b: Position): Position => (compare(a, b) >= 0 ? a : b);

const DIGITS = 32;
const SPACE = 16n ** BigInt(DIGITS);
const HEX = /^[0-9a-f]{1,32}$/;

/** A sys_id as a number, for halving the space of ids. Ids that are not 32 hex digits stand behind the hex space. */
export function idToNumber(id: string): bigint {
  const text = folded(id);
  if (text === "") return 0n;
  return HEX.test(text) ? BigInt(`0x${text.padEnd(DIGITS, "0")}`) : SPACE;
}

/** The sys_id at that place of the id space; LAST from its end on. */
export function numberToId(value: bigint): string {
  return value >= SPACE ? LAST : value.toString(16).padStart(DIGITS, "0");
}

/** The number behind the last sys_id of 32 hex digits: 16 to the power of 32. */
export const ID_SPACE = SPACE;
