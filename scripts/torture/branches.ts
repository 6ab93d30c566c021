import { FAULT_KINDS } from "./faults";
import { WRITE_KINDS } from "./writes";

/** How often a run came through each branch that the promise rests on. */
export type Branches = Record<string, number>;

/** What the logs of a poll and its errors say about the way it took. */
const WORDS: readonly (readonly [branch: string, words: RegExp])[] = [
  ["polls whose memory of young versions was full", /changed within the last minute/],
  ["polls that ended with their budget", /ends with its budget/],
  ["polls of old records", /^Old records:|The records that are there already/],
  ["backfills that came to their end", /All records that were there at the beginning/],
  ["polls that saw hidden records", /hidden from this account/],
  ["polls that began anew", /begins? anew|starts anew|begins at the present/i],
  ["saves refused to a poll that was taken over", /Another run has taken over/],
  ["polls refused as overtaken", /Another poll of this source ran/],
];

export function logBranches(line: string): string[] {
  return WORDS.flatMap(([branch, words]) => (words.test(line) ? [branch] : []));
}

/** Which way of the reader a request of a source shows; undefined for what is not one of interest. */
export function readBranch(target: string): string | undefined {
  const query = new URL(target, "http://instance").searchParams.get("sysparm_query") ?? "";
  const terms = query.split("^");
  const has = (pattern: RegExp) => terms.some((term) => pattern.test(term));
  if (!has(/^(NQ)?sys_updated_on[<>=]/) || !has(/^ORDERBYsys_/)) return undefined;
  if (!has(/^ORDERBYsys_updated_on$/)) return "reads of an hour that the clock shows twice";
  if (has(/sys_id<=/)) return "reads across hidden records within one second";
  if (has(/sys_updated_on<=/)) return "reads across hidden records over time";
  if (!has(/sys_updated_on>[^=]/)) return "reads from an earlier time literal";
  return "reads behind the cursor";
}

/** Branches of which a run of this kind must have come through each; one that it never took proves nothing. */
export function branchesToTake(run: { whole: boolean; moves: boolean; zones: boolean }): string[] {
  return [
    ...FAULT_KINDS.map((kind) => `fault: ${kind}`),
    "fault: late commit",
    ...WRITE_KINDS.map((kind) => `writes: ${kind}`),
    "deaths before a save",
    "deaths inside a save",
    "deaths behind a save",
    "deaths at any moment",
    "polls that failed",
    "polls that took over",
    "changes of settings",
    "changes of a filter",
    "versions overwritten before a poll",
    "polls of old records",
    "backfills that came to their end",
    "polls that saw hidden records",
    "saves refused to a poll that was taken over",
    "reads behind the cursor",
    "reads across hidden records over time",
    "reads across hidden records within one second",
    ...(run.zones
      ? ["reads from an earlier time literal", "reads of an hour that the clock shows twice"]
      : []),
    ...(run.moves ? ["moves of the account"] : []),
    ...(run.whole
      ? ["polls whose memory of young versions was full", "polls that ended with their budget"]
      : []),
  ];
}

export function addBranches(runs: readonly Branches[]): Branches {
  const sum: Branches = {};
  for (const run of runs)
    for (const [branch, times] of Object.entries(run)) sum[branch] = (sum[branch] ?? 0) + times;
  return sum;
}

/** Those of the branches that were never taken. */
export const neverTaken = (branches: Branches, required: readonly string[]): string[] =>
  required.filter((branch) => !branches[branch]);
