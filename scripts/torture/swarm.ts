import { FAULT_KINDS } from "./faults";
import { randomFrom, type Random } from "./random";
import { isKept, type TortureOptions, type TortureResult } from "./result";
import { torture } from "./run";
import type { Scene } from "./scenes";
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
    versions: random.pick([100, 200, 400, 800]),
    records: random.pick([60, 300, 1000]),
    kills: random.below(4),
    burst: random.pick([50, 300]),
    faults: random.pick([0, 0.02, 0.05]),
    faultKinds: some(random, FAULT_KINDS),
    // Deletions alone would never come to the number of versions.
    writes: [...new Set<WriteKind>(["updates", ...some(random, WRITE_KINDS)])],
    seed,
  };
}

const sizeOf = ({ versions, faultKinds = [], writes = [], kills }: TortureOptions): number =>
  versions * (1 + faultKinds.length + writes.length + kills);

/** Runs short seeds one after the other, and prints the smallest one that fails with what brings it about again. */
export async function swarm(
  seeds: number,
  first: number,
  scenes: readonly Scene[],
): Promise<TortureResult[]> {
  const results: TortureResult[] = [];
  let smallest: { options: TortureOptions; result: TortureResult } | undefined;
  for (let seed = first; seed < first + seeds; seed++) {
    const options = shortRun(seed, scenes);
    const result = await torture(options);
    results.push(result);
    const { lost, doubled, outOfOrder, undrained, seconds } = result;
    console.error(
      `seed ${seed}, ${options.scene.name}: lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}, not drained ${undrained.length}, after ${seconds} s`,
    );
    if (!isKept(result) && (!smallest || sizeOf(options) < sizeOf(smallest.options)))
      smallest = { options, result };
  }
  if (smallest) tell(smallest.options, smallest.result);
  return results;
}

function tell(options: TortureOptions, result: TortureResult): void {
  const { scene, seed, versions, records, kills, burst, faults, faultKinds = [], writes = [] } = options;
  console.error(
    [
      "",
      `The smallest run that fails: npm run torture -- --swarm 1 --seed ${seed}`,
      `  ${scene.name} from ${scene.start}, ${versions} versions, ${records} records, ${kills} kills, bursts of ${burst}, faults ${faults}`,
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
