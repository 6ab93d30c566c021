import { parseArgs } from "node:util";
import { torture, type Scene, type TortureResult } from "./torture/run";

/** Where the clocks change while the run lasts, and both readings of date literals. */
const SCENES: Scene[] = [
  { name: "utc", literals: "utc", agent: "itil", start: "2026-08-01 11:55:00" },
  { name: "newYorkLiteralsUtc", literals: "utc", agent: "newyork", start: "2026-11-01 05:30:00" },
  { name: "newYorkFallBack", literals: "user", agent: "newyork", start: "2026-11-01 05:30:00" },
  { name: "sydneySpringForward", literals: "user", agent: "sydney", start: "2026-10-03 15:50:00" },
  { name: "sydneyFallBack", literals: "user", agent: "sydney", start: "2026-04-04 15:30:00" },
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      versions: { type: "string", default: "100000" },
      records: { type: "string", default: "20000" },
      kills: { type: "string", default: "50" },
      burst: { type: "string", default: "2000" },
      faults: { type: "string", default: "0.02" },
      seed: { type: "string", default: "1" },
      scene: { type: "string" },
    },
  });
  const scenes = SCENES.filter(({ name }) => !values.scene || name === values.scene);
  if (scenes.length === 0)
    throw new Error(
      `There is no scene ${values.scene}. There are: ${SCENES.map(({ name }) => name).join(", ")}.`,
    );
  const share = (text: string) => Math.ceil(Number(text) / scenes.length);
  const results: TortureResult[] = [];
  for (const scene of scenes) {
    console.error(`\n${scene.name}`);
    const result = await torture({
      scene,
      versions: share(values.versions),
      records: share(values.records),
      kills: share(values.kills),
      burst: Number(values.burst),
      faults: Number(values.faults),
      seed: Number(values.seed),
      log: (line) => console.error(`  ${line}`),
    });
    console.error(`  lost ${result.lost}, doubled ${result.doubled}, out of order ${result.outOfOrder}`);
    results.push(result);
  }
  const sum = (pick: (result: TortureResult) => number) =>
    results.reduce((total, result) => total + pick(result), 0);
  const most = (pick: (result: TortureResult) => number) => Math.max(...results.map(pick));
  const whole = {
    versions: sum(({ versions }) => versions),
    emitted: sum(({ emitted }) => emitted),
    coalesced: sum(({ coalesced }) => coalesced),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    largestDelaySeconds: most(({ largestDelaySeconds }) => largestDelaySeconds),
    largestStateBytes: most(({ largestStateBytes }) => largestStateBytes),
    kills: sum(({ kills }) => kills),
    polls: sum(({ polls }) => polls),
    failedPolls: sum(({ failedPolls }) => failedPolls),
    faultsStruck: sum(({ faultsStruck }) => faultsStruck),
    requestsPerPoll: sum(({ requestsPerPoll }) => requestsPerPoll) / results.length,
    memoryBytes: most(({ writerMemoryBytes }) => writerMemoryBytes),
    scenes: results,
  };
  console.log(JSON.stringify(whole, null, 2));
  if (whole.lost + whole.doubled + whole.outOfOrder > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
});
