import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { branchesToTake, neverTaken } from "./torture/branches";
import { hostCommand } from "./torture/host/command";
import { isKept, type TortureResult } from "./torture/result";
import { torture } from "./torture/run";
import { SCENES, type Scene } from "./torture/scenes";
import { summaryOf } from "./torture/summary";
import { swarm } from "./torture/swarm";
import { workflowsCommand } from "./torture/workflows/command";

const HELP = `npm run torture -- [options]
npm run torture -- host [--seconds N] [--sources N] [--workers N]
npm run torture -- workflows [--kills N]

Drives the built sources against an instance whose writer keeps the truth, and prints what was lost, doubled and out of order as JSON, which
sources had not emitted everything two polls after the last fault, and how often each branch was taken. Ends with 1 unless the four are 0
and each branch that matters was taken.

  --versions N    row versions, over all scenes (100000)
  --records N     records (20000)
  --kills N       times the polling process is killed (50)
  --burst N       largest number of changes within one second (2000)
  --faults SHARE  share of requests that each kind of fault strikes (0.02)
  --seed N        the same seed writes the same workload (1)
  --scenes A,B    some of: ${SCENES.map(({ name }) => name).join(", ")}
  --swarm N       instead: N short runs from --seed on, each in a scene, with a size, with kinds of faults and of writes of its own; the
                  smallest one that fails is printed
  --together N    so many of them side by side (3)
  --json FILE     write the JSON there as well
`;

const OPTIONS = {
  versions: { type: "string", default: "100000" },
  records: { type: "string", default: "20000" },
  kills: { type: "string", default: "50" },
  burst: { type: "string", default: "2000" },
  faults: { type: "string", default: "0.02" },
  seed: { type: "string", default: "1" },
  scenes: { type: "string", default: SCENES.map(({ name }) => name).join(",") },
  swarm: { type: "string" },
  together: { type: "string", default: "3" },
  json: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** A run of fewer versions does not come through every branch, and is not asked to. */
const WHOLE = 50_000;
const WHOLE_SWARM = 50;

async function main(): Promise<void> {
  const [subject, ...rest] = process.argv.slice(2);
  if (subject === "host") return hostCommand(rest);
  if (subject === "workflows") return workflowsCommand(rest);
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) return void process.stdout.write(HELP);
  const scenes = values.scenes.split(",").map(sceneOf);
  const seed = number("seed", values.seed);
  const swarmOf = values.swarm === undefined ? undefined : number("swarm", values.swarm);
  const results =
    swarmOf === undefined
      ? await whole(scenes, values)
      : await swarm(swarmOf, seed, scenes, number("together", values.together));
  const summary = summaryOf(results);
  const untaken = neverTaken(
    summary.branches,
    asksForBranches(swarmOf, number("versions", values.versions))
      ? branchesToTake({
          whole: swarmOf === undefined && scenes.some(({ flood }) => flood),
          moves: scenes.some(({ moves }) => moves),
          zones: scenes.some(({ literals }) => literals === "user"),
        })
      : [],
  );
  const failing = results.filter((result) => !isKept(result));
  const json = JSON.stringify({ ...summary, neverTaken: untaken, failing: failing.length }, null, 2);
  console.log(json);
  if (values.json) writeFileSync(values.json, `${json}\n`);
  if (untaken.length > 0) console.error(`\nNever taken, so nothing was proved of it: ${untaken.join("; ")}.`);
  if (failing.length + untaken.length > 0) process.exitCode = 1;
}

const asksForBranches = (swarmOf: number | undefined, versions: number): boolean =>
  swarmOf === undefined ? versions >= WHOLE : swarmOf >= WHOLE_SWARM;

function sceneOf(name: string): Scene {
  const scene = SCENES.find((each) => each.name === name.trim());
  if (!scene) throw new Error(`There is no scene "${name}".\n\n${HELP}`);
  return scene;
}

async function whole(
  scenes: readonly Scene[],
  values: Record<"versions" | "records" | "kills" | "burst" | "faults" | "seed", string>,
): Promise<TortureResult[]> {
  const share = (name: "versions" | "records" | "kills") =>
    Math.ceil(number(name, values[name]) / scenes.length);
  const results: TortureResult[] = [];
  for (const scene of scenes) {
    console.error(`\n${scene.name}`);
    const result = await torture({
      scene,
      versions: share("versions"),
      records: share("records"),
      kills: share("kills"),
      burst: number("burst", values.burst),
      faults: number("faults", values.faults),
      seed: number("seed", values.seed),
      log: (line) => console.error(`  ${line}`),
    });
    const { lost, doubled, outOfOrder, undrained, seconds } = result;
    console.error(
      `  lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}, not drained ${undrained.join(", ") || "none"}, after ${seconds} s`,
    );
    results.push(result);
  }
  return results;
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (!(value >= 0)) throw new Error(`--${name} takes a number, and was given "${text}".\n\n${HELP}`);
  return value;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
});
