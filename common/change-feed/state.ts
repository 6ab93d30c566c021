import { LAST } from "./position";
import type { FeedOptions, FeedState, Position } from "./types";
import { isZone } from "../time/zones";

/** What makes two feeds the same stream. The columns to return are not part of it: changing them loses no event. */
export function fingerprint(
  options: Pick<FeedOptions, "instance" | "table" | "column" | "groups" | "mode">,
): string {
  const { instance, table, column, groups = [], mode = "" } = options;
  const text = JSON.stringify([instance, table, column, groups, mode]);
  let a = 5381;
  let b = 52711;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = (Math.imul(a, 33) ^ code) >>> 0;
    b = (Math.imul(b, 31) + code) >>> 0;
  }
  return `${table}:${column}:${a.toString(36)}${b.toString(36)}`;
}

/** Said where a saved state cannot be gone on from. */
export const STARTS_ANEW =
  "The table, the filter or the account of this source changed, or its saved state cannot be read: it starts anew, from now on.";

/** The last second of the year 9999: later ones have no stamp. */
const LAST_SECOND = 253_402_300_799;

const isPlace = (time: unknown) => Number.isSafeInteger(time) && Math.abs(time as number) <= LAST_SECOND;

const isYoung = (entry: unknown): boolean =>
  Array.isArray(entry) && isPlace(entry[0]) && typeof entry[1] === "string";

const isReading = (z: FeedState["z"] | undefined): boolean =>
  z?.kind === "utc" || z?.kind === "unknown" || (z?.kind === "zone" && isZone(z.zone));

/**
 * The saved state under the first of `prints`, or undefined when there is none that this version and this filter can go on from. What is damaged beside the cursor is
 * made anew; without the cursor and the memory of young rows there is nothing to go on from.
 */
export function readState(saved: unknown, prints: readonly [string, ...string[]]): FeedState | undefined {
  if (typeof saved !== "object" || saved === null) return undefined;
  const state = saved as Partial<FeedState>;
  if (state.v !== 1 || typeof state.f !== "string" || !prints.includes(state.f)) return undefined;
  const { t, i, y } = state;
  if (!isPlace(t) || typeof i !== "string" || !Array.isArray(y) || !y.every(isYoung)) return undefined;
  return {
    v: 1,
    f: prints[0],
    t: t as number,
    i,
    y,
    z: isReading(state.z) ? (state.z as FeedState["z"]) : { kind: "unknown" },
    za: isPlace(state.za) ? (state.za as number) : 0,
    p: isPlace(state.p) ? (state.p as number) : (t as number),
    n: isPlace(state.n) ? (state.n as number) : 0,
    c: state.c === true,
    ...(typeof state.r === "string" ? { r: state.r } : {}),
    ...(state.x === undefined ? {} : { x: state.x }),
  };
}

/** A state that begins behind the whole second of `cursor`; `saves` goes on counting from the state it replaces. */
export function newState(print: string, cursor: Position, saves: number): FeedState {
  return {
    v: 1,
    f: print,
    t: cursor.time,
    i: LAST,
    y: [],
    z: { kind: "unknown" },
    za: 0,
    p: cursor.time,
    n: saves,
    c: false,
  };
}
