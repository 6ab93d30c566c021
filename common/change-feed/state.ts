import { LAST } from "./position";
import type { DateLiteralMode } from "../time/date-literals";
import type { FeedOptions, FeedState, Position, SavedFeedState } from "./types";
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
  "The table, the filter or the account of this source changed, or its saved state cannot be read: it starts again from now.";

/** The last second of the year 9999: later ones have no stamp. */
const LAST_SECOND = 253_402_300_799;

const isSecond = (time: unknown): time is number =>
  typeof time === "number" && Number.isSafeInteger(time) && Math.abs(time) <= LAST_SECOND;

const isRecentEntry = (entry: unknown): entry is [number, string] =>
  Array.isArray(entry) && isSecond(entry[0]) && typeof entry[1] === "string";

function toDateLiteralMode(saved: unknown): DateLiteralMode {
  if (typeof saved !== "object" || saved === null) return { kind: "unknown" };
  const { kind, zone } = saved as { kind?: unknown; zone?: unknown };
  if (kind === "utc") return { kind };
  return kind === "zone" && typeof zone === "string" && isZone(zone) ? { kind, zone } : { kind: "unknown" };
}

/** The state as it is saved: short keys, since a platform keeps few bytes. {@link readState} is its other half. */
export function writeState(state: FeedState): SavedFeedState {
  return {
    v: 1,
    f: state.fingerprint,
    t: state.cursor.time,
    i: state.cursor.id,
    y: state.recent,
    z: state.literalMode,
    za: state.literalModeMeasuredAt,
    p: state.polledAt,
    n: state.saves,
    c: state.columnsChecked,
    ...(state.readableId === undefined ? {} : { r: state.readableId }),
    ...(state.extra === undefined ? {} : { x: state.extra }),
  };
}

/**
 * The saved state under the first of `fingerprints`, or undefined when there is none that this version and this filter can go on from. What is damaged beside the cursor is
 * set to its beginning; without the cursor and the memory of recent versions there is nothing to go on from.
 */
export function readState(
  saved: unknown,
  fingerprints: readonly [string, ...string[]],
): FeedState | undefined {
  if (typeof saved !== "object" || saved === null) return undefined;
  const { v, f, t, i, y, z, za, p, n, c, r, x } = saved as Record<string, unknown>;
  if (v !== 1 || typeof f !== "string" || !fingerprints.includes(f)) return undefined;
  if (!isSecond(t) || typeof i !== "string" || !Array.isArray(y) || !y.every(isRecentEntry)) return undefined;
  return {
    fingerprint: fingerprints[0],
    cursor: { time: t, id: i },
    recent: y,
    literalMode: toDateLiteralMode(z),
    literalModeMeasuredAt: isSecond(za) ? za : 0,
    polledAt: isSecond(p) ? p : t,
    saves: isSecond(n) ? n : 0,
    columnsChecked: c === true,
    ...(typeof r === "string" ? { readableId: r } : {}),
    ...(x === undefined ? {} : { extra: x }),
  };
}

/** How many polls have saved so far, by a state of whatever filter. */
export function savesSoFar(saved: unknown): number {
  return typeof saved === "object" && saved !== null && "n" in saved && typeof saved.n === "number"
    ? saved.n
    : 0;
}

/** A state that begins behind the whole second of `cursor`; `saves` goes on counting from the state it replaces. */
export function newState(streamFingerprint: string, cursor: Position, saves: number): FeedState {
  return {
    fingerprint: streamFingerprint,
    cursor: { time: cursor.time, id: LAST },
    recent: [],
    literalMode: { kind: "unknown" },
    literalModeMeasuredAt: 0,
    polledAt: cursor.time,
    saves,
    columnsChecked: false,
  };
}

/** Epoch seconds of the cursor in a saved state: everything up to it is done. Undefined where the state cannot be read. */
export function cursorTimeOf(saved: unknown): number | undefined {
  const time: unknown = typeof saved === "object" && saved !== null ? Reflect.get(saved, "t") : undefined;
  return isSecond(time) ? time : undefined;
}
