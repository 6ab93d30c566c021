import { FAULT_KINDS } from "./faults";
import { randomFrom, type Random } from "./random";
import { isKept, type TortureOptions, type TortureResult } from "./result";
import { torture } from "./run";
import type { Scene } from "./scenes";
import { SOURCE_NAMES } from "./watched";
import { WRITE_KINDS, type WriteKind } from "./writes";

/** Half an hour around a change of the clocks: short runs do not get there by themselves. */
const EARLIER_OR_LATER = 1800;

/** Some of a list, in its order, at least one: few kinds at a time bring out what all of them together cover up. */
function some<T>(random: Random, list: readonly T[]): T[] {
  const share = random.pick([0.2, 0.5, 1]);
  const chosen = list.filter(() => random.chance(share));
  return chosen.length > 0 ? chosen : [random.pick(list)];
}

/** The short run of a seed: always the same for the same seed and scenes. */
export function shortRun(seed: number, scenes: readonly Scene[]): TortureOptions {
  const random = randomFrom(seed * 7919);
  const scene = random.pick(scenes);
  const start = new Date(Date.parse(`${scene.start}Z`) + 1000 * random.below(EARLIER_OR_LATER));
  return {
    scene: { ...scene, start: start.toISOString().slice(0, 19).replace("T", " ") },
    versions: random.pick([100, 200, 400]),
    records: random.pick([60, 300, 600]),
    kills: random.below(4),
    burst: random.pick([50, 300]),
    faults: random.pick([0, 0.02, 0.05]),
    faultKinds: some(random, FAULT_KINDS),
    // Deletions alone would never come to the number of versions.
    writes: [...new Set<WriteKind>(["updates", ...some(random, WRITE_KINDS)])],
    sources: some(random, SOURCE_NAMES),
    seed,
  };
}

const sizeOf = ({ versions, faultKinds = [], writes = [], kills }: TortureOptions): number =>
  versions * (1 + faultKinds.length + writes.length + kills);

interface Ended {
  options: TortureOptions;
  result: TortureResult;
}

async function runSeed(seed: number, scenes: readonly Scene[]): Promise<Ended> {
  const options = shortRun(seed, scenes);
  const result = await torture(options);
  const { lost, doubled, outOfOrder, undrained, seconds } = result;
  console.error(
    `seed ${seed}, ${options.scene.name}: lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}, not drained ${undrained.length}, after ${seconds} s`,
  );
  return { options, result };
}

/**
 * Runs short seeds, so many at a time, and prints the smallest one that fails with what brings it about again. A run waits out many limits and
 * deaths, so that several side by side take little more time than one. Ctrl-C ends it early, with the verdict on the seeds that ran.
 */
export async function swarm(
  seeds: number,
  first: number,
  scenes: readonly Scene[],
  together: number,
): Promise<TortureResult[]> {
  const ended: Ended[] = [];
  let next = first;
  process.once("SIGINT", () => {
    console.error("No further seed is begun; those that run are waited for.");
    next = Infinity;
  });
  const runNext = async (): Promise<void> => {
    while (next < first + seeds) ended.push(await runSeed(next++, scenes));
  };
  await Promise.all(Array.from({ length: Math.max(1, together) }, runNext));
  const [smallest] = ended
    .filter(({ result }) => !isKept(result))
    .sort((one, other) => sizeOf(one.options) - sizeOf(other.options));
  if (smallest) tell(smallest.options, smallest.result);
  return ended.map(({ result }) => result);
}

function tell(options: TortureOptions, result: TortureResult): void {
  const { scene, seed, versions, records, kills, burst, faults, faultKinds = [], writes = [] } = options;
  const { sources = [] } = options;
  console.error(
    [
      "",
      `The smallest run that fails: npm run torture -- --swarm 1 --seed ${seed}`,
      `  ${scene.name} from ${scene.start}, ${versions} versions, ${records} records, ${kills} kills, bursts of ${burst}, faults ${faults}`,
      `  sources: ${sources.join(", ")}`,
      `  faults: ${faultKinds.join(", ")}`,
      `  writes: ${writes.join(", ")}`,
      ...Object.entries(result.sources).map(
        ([name, { lost, doubled, outOfOrder }]) =>
          `  ${name}: lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}`,
      ),
      ...(result.undrained.length > 0 ? [`  not drained: ${result.undrained.join(", ")}`] : []),
      ...result.errors.map((line) => `  ${line}`),
    ].join("\n"),
  );
}
