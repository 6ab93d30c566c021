import type { Baseline } from "./baseline";
import type { Branches } from "./branches";
import type { FaultKind } from "./faults";
import { readJournal } from "./poller";
import type { PollerProcess } from "./poller-process";
import type { Scene } from "./scenes";
import type { Truth } from "./truth";
import { judge, judgeBaseline, type Verdict } from "./verdict";
import type { SourceName, Watched } from "./watched";
import type { World } from "./world";
import type { WriteKind } from "./writes";

export interface TortureOptions {
  scene: Scene;
  versions: number;
  records: number;
  kills: number;
  /** Largest burst of updates within one second. */
  burst: number;
  /** Share of the poller's requests that each kind of fault strikes. */
  faults: number;
  /** Kinds of fault that strike; all unless given. */
  faultKinds?: readonly FaultKind[];
  /** Kinds of write; all unless given. */
  writes?: readonly WriteKind[];
  seed: number;
  /** The file of another New or Updated Record than ours. */
  source?: string;
  /** Names of the sources that are polled; all unless given. */
  sources?: readonly SourceName[];
  log?: (line: string) => void;
}

interface Figures {
  /** Versions the writer committed; `versions` counts them once for each source that has to see them. */
  committed: number;
  /** Sources that two polls and W after the last fault had not emitted all there was. */
  undrained: string[];
  polls: number;
  failedPolls: number;
  takeOvers: number;
  propChanges: number;
  accountMoves: number;
  requests: number;
  receivedBytes: number;
  seconds: number;
}

export interface TortureResult extends Verdict, Figures {
  scene: string;
  seed: number;
  kills: number;
  faultsStruck: number;
  branches: Branches;
  sources: Record<string, Verdict>;
  baselines: Record<string, { emitted: number; lost: number; doubled: number }>;
  memory: { pollerBytes: number; componentBytes: number; writerBytes: number; instanceBytes: number };
  errors: string[];
}

/** Whether a run kept the promise: nothing lost, doubled, out of order or late. */
export const isKept = (result: TortureResult): boolean =>
  result.lost + result.doubled + result.outOfOrder + result.undrained.length === 0;

interface Finished {
  options: TortureOptions;
  world: World;
  poller: PollerProcess;
  truth: Truth;
  watched: readonly Watched[];
  baselines: readonly Baseline[];
  branches: Branches;
  errors: ReadonlyMap<string, number>;
  /** When the sources began, epoch seconds. */
  from: number;
  figures: Figures;
}

export function resultOf(run: Finished): TortureResult {
  const { options, world, poller, truth, figures } = run;
  const sources = Object.fromEntries(
    run.watched.map((watched): [string, Verdict] => [
      watched.slot.name,
      judge(truth, readJournal(world.folder, watched.slot.name), watched, options.log ?? (() => undefined)),
    ]),
  );
  const all = Object.values(sources);
  const sum = (name: keyof Verdict) => all.reduce((total, verdict) => total + verdict[name], 0);
  const most = (name: keyof Verdict) => Math.max(...all.map((verdict) => verdict[name]));
  const isIncident = ({ table }: { table: string }) => table === "incident";
  const coalesced = sum("coalesced");
  return {
    scene: options.scene.name,
    seed: options.seed,
    versions: sum("versions"),
    emitted: sum("emitted"),
    coalesced,
    lost: sum("lost"),
    doubled: sum("doubled"),
    outOfOrder: sum("outOfOrder"),
    largestDelaySeconds: most("largestDelaySeconds"),
    largestStateBytes: most("largestStateBytes"),
    kills: poller.kills,
    ...figures,
    faultsStruck: world.struck,
    branches: branchesOf(run, coalesced),
    sources,
    baselines: Object.fromEntries(
      run.baselines.map(({ name, emitted }) => [name, judgeBaseline(truth, emitted, isIncident, run.from)]),
    ),
    memory: {
      pollerBytes: poller.memory.own,
      componentBytes: poller.memory.children,
      writerBytes: process.memoryUsage().rss,
      instanceBytes: world.instanceMemory,
    },
    errors: [...run.errors].map(([text, times]) => `${times} × ${text}`),
  };
}

function branchesOf({ world, poller, branches, figures }: Finished, coalesced: number): Branches {
  const counted: Branches = {
    ...branches,
    "polls that failed": figures.failedPolls,
    "polls that took over": figures.takeOvers,
    "changes of settings": figures.propChanges,
    "moves of the account": figures.accountMoves,
    "versions overwritten before a poll": coalesced,
  };
  for (const [kind, times] of world.struckBy) counted[`fault: ${kind}`] = times;
  for (const [way, times] of world.reads) counted[way] = times;
  for (const [when, times] of Object.entries(poller.deaths)) counted[`deaths ${when}`] = times;
  return counted;
}
