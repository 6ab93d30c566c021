import { addBranches } from "./branches";
import type { TortureResult } from "./result";

const MEGABYTE = 1024 * 1024;

/** The figures of all scenes. `versions`: what the writer committed; each source of a scene has to see its part of them. */
export function summaryOf(results: readonly TortureResult[]) {
  const sum = (pick: (result: TortureResult) => number) =>
    results.reduce((total, result) => total + pick(result), 0);
  const most = (pick: (result: TortureResult) => number) => Math.max(...results.map(pick));
  const polls = sum((result) => result.polls);
  const megabytes = (pick: (result: TortureResult) => number) => Math.round(most(pick) / MEGABYTE);
  return {
    versions: sum(({ committed }) => committed),
    emitted: sum(({ emitted }) => emitted),
    coalesced: sum(({ coalesced }) => coalesced),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    undrained: sum(({ undrained }) => undrained.length),
    versionsToSee: sum(({ versions }) => versions),
    largestDelaySeconds: most(({ largestDelaySeconds }) => largestDelaySeconds),
    requestsPerPoll: sum(({ requests }) => requests) / polls,
    bytesPerPoll: Math.round(sum(({ receivedBytes }) => receivedBytes) / polls),
    largestStateBytes: most(({ largestStateBytes }) => largestStateBytes),
    memoryMegabytes: {
      poller: megabytes(({ memory }) => memory.pollerBytes),
      component: megabytes(({ memory }) => memory.componentBytes),
      writer: megabytes(({ memory }) => memory.writerBytes),
      instance: megabytes(({ memory }) => memory.instanceBytes),
    },
    kills: sum(({ kills }) => kills),
    polls,
    failedPolls: sum(({ failedPolls }) => failedPolls),
    takeOvers: sum(({ takeOvers }) => takeOvers),
    propChanges: sum(({ propChanges }) => propChanges),
    faultsStruck: sum(({ faultsStruck }) => faultsStruck),
    seconds: sum(({ seconds }) => seconds),
    branches: addBranches(results.map(({ branches }) => branches)),
    baselines: baselinesTogether(results),
    scenes: results,
  };
}

function baselinesTogether(results: readonly TortureResult[]): TortureResult["baselines"] {
  const all: TortureResult["baselines"] = {};
  for (const { baselines } of results) {
    for (const [name, { emitted, lost, doubled }] of Object.entries(baselines)) {
      const before = all[name] ?? { emitted: 0, lost: 0, doubled: 0 };
      all[name] = {
        emitted: before.emitted + emitted,
        lost: before.lost + lost,
        doubled: before.doubled + doubled,
      };
    }
  }
  return all;
}
