import type { Line } from "./poller";
import { eventId, type Truth, type Written } from "./truth";
import type { Watched } from "./watched";

export interface Verdict {
  /** Versions that the source's account and filter let through. */
  versions: number;
  emitted: number;
  coalesced: number;
  lost: number;
  doubled: number;
  outOfOrder: number;
  /** Simulated seconds between the moment others could see a version and the poll that emitted it. */
  largestDelaySeconds: number;
  largestStateBytes: number;
}

const WINDOW = 60;

/** Compares what a source committed with what was written. */
export function judge(
  truth: Truth,
  lines: readonly Line[],
  { polls, eras, from: begin = eras[0]?.since ?? 0 }: Pick<Watched, "polls" | "eras" | "from">,
  tell: (line: string) => void,
): Verdict {
  const start = eras[0]?.since ?? 0;
  const { count, emittedAt, outOfOrder } = readLines(lines, start);
  let versions = 0;
  let lost = 0;
  let coalesced = 0;
  let largestDelaySeconds = 0;
  for (const version of truth.versions) {
    // What was there before the source belongs to its first stretch.
    const at = eras.findLastIndex(({ since }) => since < Math.max(version.visible, start + 1));
    const era = eras[at];
    if (!era || version.backDated || version.time <= begin || !era.sees(version)) continue;
    versions++;
    const emission = emittedAt.get(eventId(version));
    const end = Math.min(version.until, eras[at + 1]?.since ?? Infinity);
    if (emission !== undefined)
      largestDelaySeconds = Math.max(largestDelaySeconds, emission - version.visible);
    else if (polls.some(({ from, to }) => from > version.visible && to < end)) {
      lost++;
      if (lost <= 3) tell(`lost: ${JSON.stringify(version)}`);
    } else coalesced++;
  }
  const emitted = [...count.values()].reduce((sum, times) => sum + times, 0);
  return {
    versions,
    emitted,
    coalesced,
    lost,
    doubled: emitted - count.size,
    outOfOrder,
    largestDelaySeconds,
    largestStateBytes: lines.reduce((most, { b }) => Math.max(most, b), 0),
  };
}

/** `start`: when the source began. Old records come in an order of their own, beside the new ones. */
function readLines(lines: readonly Line[], start: number) {
  const count = new Map<string, number>();
  const emittedAt = new Map<string, number>();
  let outOfOrder = 0;
  const orders = { old: { time: 0, id: "" }, live: { time: 0, id: "" } };
  for (const { n, e } of lines) {
    for (const [id, ts] of e) {
      count.set(id, (count.get(id) ?? 0) + 1);
      if (!emittedAt.has(id)) emittedAt.set(id, n);
      const time = ts / 1000;
      // Only what had settled when the poll began has an order to keep.
      if (time > n - WINDOW - 2) continue;
      const sysId = id.slice(0, 32);
      const stream = time < start - WINDOW ? "old" : "live";
      const before = orders[stream];
      if (time < before.time || (time === before.time && sysId < before.id)) outOfOrder++;
      else orders[stream] = { time, id: sysId };
    }
  }
  return { count, emittedAt, outOfOrder };
}

/** The same for a baseline cursor: final versions it never emitted, and repetitions. */
export function judgeBaseline(
  truth: Truth,
  emitted: readonly string[],
  sees: (version: Written) => boolean,
  from: number,
) {
  const unique = new Set(emitted);
  let lost = 0;
  for (const version of truth.current.values())
    if (sees(version) && version.time > from && !version.backDated && !unique.has(eventId(version))) lost++;
  return { emitted: emitted.length, lost, doubled: emitted.length - unique.size };
}
