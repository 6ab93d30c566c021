import type { Line } from "./poller";
import { eventId, type Truth, type Written } from "./truth";

/** A poll that came to its end and left nothing waiting: what was there before it must have been emitted by then. */
export interface CompletePoll {
  from: number;
  to: number;
}

export interface Verdict {
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

/** Compares what a source committed with what was written. `sees`: the versions that its account and filter let through. */
export function judge(
  truth: Truth,
  lines: readonly Line[],
  polls: readonly CompletePoll[],
  sees: (version: Written) => boolean,
  from: number,
): Verdict {
  const count = new Map<string, number>();
  const emittedAt = new Map<string, number>();
  let outOfOrder = 0;
  let before: { time: number; id: string } = { time: 0, id: "" };
  for (const { n, e } of lines) {
    for (const [id, ts] of e) {
      count.set(id, (count.get(id) ?? 0) + 1);
      if (!emittedAt.has(id)) emittedAt.set(id, n);
      const time = ts / 1000;
      // Only what had settled when the poll began has an order to keep.
      if (time > n - WINDOW - 2) continue;
      const sysId = id.slice(0, 32);
      if (time < before.time || (time === before.time && sysId < before.id)) outOfOrder++;
      else before = { time, id: sysId };
    }
  }
  const relevant = truth.versions.filter(
    (version) => sees(version) && version.time > from && !version.backDated,
  );
  let lost = 0;
  let coalesced = 0;
  let largestDelaySeconds = 0;
  for (const version of relevant) {
    const id = eventId(version);
    const at = emittedAt.get(id);
    if (at !== undefined) {
      largestDelaySeconds = Math.max(largestDelaySeconds, at - version.visible);
      continue;
    }
    const wasThere = polls.some((poll) => poll.from > version.visible && poll.to < version.until);
    if (wasThere) lost++;
    else coalesced++;
  }
  let doubled = 0;
  for (const times of count.values()) doubled += times - 1;
  return {
    versions: relevant.length,
    emitted: [...count.values()].reduce((sum, times) => sum + times, 0),
    coalesced,
    lost,
    doubled,
    outOfOrder,
    largestDelaySeconds,
    largestStateBytes: lines.reduce((most, { b }) => Math.max(most, b), 0),
  };
}

/** The same for a naive cursor: final versions it never emitted, and repetitions. */
export function judgeNaive(
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
