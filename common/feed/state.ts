import { LAST } from "./position";
import type { FeedOptions, FeedState, Position } from "./types";

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

/** The saved state, or undefined when there is none that this version and this filter can go on from. */
export function readState(saved: unknown, print: string): FeedState | undefined {
  if (typeof saved !== "object" || saved === null) return undefined;
  const state = saved as Partial<FeedState>;
  if (state.v !== 1 || state.f !== print) return undefined;
  if (typeof state.t !== "number" || typeof state.i !== "string" || !Array.isArray(state.y)) return undefined;
  return {
    v: 1,
    f: print,
    t: state.t,
    i: state.i,
    y: state.y,
    z: state.z ?? { kind: "unknown" },
    za: state.za ?? 0,
    p: state.p ?? state.t,
    n: state.n ?? 0,
    c: state.c ?? false,
    ...(state.x === undefined ? {} : { x: state.x }),
  };
}

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
