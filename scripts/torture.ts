import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { hostCommand } from "./torture/host/command";
import { torture, type TortureResult } from "./torture/run";
import { SCENES } from "./torture/scenes";
import { workflowsCommand } from "./torture/workflows/command";

const HELP = `npm run torture -- [options]
npm run torture -- host [--seconds N] [--sources N] [--workers N]
npm run torture -- workflows [--kills N]

Drives the built sources against an instance whose writer keeps the truth, and prints what was lost, doubled and out of order as JSON.
Ends with 1 unless all three are 0.

  --versions N    row versions, over all scenes (100000)
  --records N     records (20000)
  --kills N       times the polling process is killed (50)
  --burst N       largest number of changes within one second (2000)
  --faults SHARE  share of requests that each kind of fault strikes (0.02)
  --seed N        the same seed writes the same workload (1)
  --scenes A,B    some of: ${SCENES.map(({ name }) => name).join(", ")}
  --json FILE     write the JSON there as well
`;

const MEGABYTE = 1024 * 1024;

async function main(): Promise<void> {
  const [subject, ...rest] = process.argv.slice(2);
  if (subject === "host") return hostCommand(rest);
  if (subject === "workflows") return workflowsCommand(rest);
  const { values } = parseArgs({
    options: {
      versions: { type: "string", default: "100000" },
      records: { type: "string", default: "20000" },
      kills: { type: "string", default: "50" },
      burst: { type: "string", default: "2000" },
      faults: { type: "string", default: "0.02" },
      seed: { type: "string", default: "1" },
      scenes: { type: "string", default: SCENES.map(({ name }) => name).join(",") },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const scenes = values.scenes.split(",").map((name) => {
    const scene = SCENES.find((each) => each.name === name.trim());
    if (!scene) throw new Error(`There is no scene "${name}".\n\n${HELP}`);
    return scene;
  });
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
    const { lost, doubled, outOfOrder, seconds } = result;
    console.error(`  lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}, after ${seconds} s`);
    results.push(result);
  }
  const whole = together(results);
  const json = JSON.stringify(whole, null, 2);
  console.log(json);
  if (values.json) writeFileSync(values.json, `${json}\n`);
  if (whole.lost + whole.doubled + whole.outOfOrder > 0) process.exitCode = 1;
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (!(value >= 0)) throw new Error(`--${name} takes a number, and was given "${text}".\n\n${HELP}`);
  return value;
}

/** The figures of all scenes. `versions`: what the writer committed; each source of a scene has to see its part of them. */
function together(results: readonly TortureResult[]) {
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

main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
});
