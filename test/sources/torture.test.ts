import { branchesToTake, logBranches, neverTaken, readBranch } from "../../scripts/torture/branches";
import { shortRun } from "../../scripts/torture/swarm";
import { torture } from "../../scripts/torture/run";
import { SCENES, type Scene } from "../../scripts/torture/scenes";
import { SOURCE_NAMES } from "../../scripts/torture/watched";

const scene = (name: string): Scene => SCENES.find((each) => each.name === name) as Scene;

/** The short form of `npm run torture`: the same workload, smaller. */
test.each(["clientHourAhead", "newYorkFallBack", "sydneySpringForward", "accountMoves"].map(scene))(
  "$name: loses nothing, doubles nothing and keeps the order under faults, kills and late commits",
  async (scene) => {
    const result = await torture({
      scene,
      versions: 700,
      records: 200,
      kills: 2,
      burst: 300,
      faults: 0.02,
      seed: 7,
    });
    const { lost, doubled, outOfOrder, undrained } = result;
    expect({ lost, doubled, outOfOrder, undrained }).toEqual({
      lost: 0,
      doubled: 0,
      outOfOrder: 0,
      undrained: [],
    });
    expect(result.committed).toBeGreaterThanOrEqual(700);
    expect(result.emitted).toBeGreaterThan(300);
    expect(result.kills).not.toBe(0);
    expect(result.faultsStruck).not.toBe(0);
    expect(result.accountMoves).toBe(scene.moves ? 3 : 0);
    expect(result.largestStateBytes).toBeLessThan(48_000);
    const baselines = Object.values(result.baselines);
    expect(baselines.some(({ lost }) => lost > 0)).toBe(true);
    expect(baselines.some(({ doubled }) => doubled > 0)).toBe(true);
  },
  120_000,
);

const read = (query: string): string | undefined =>
  readBranch(`/api/now/table/incident?sysparm_query=${encodeURIComponent(query)}&sysparm_limit=200`);
const ORDER = "ORDERBYsys_updated_on^ORDERBYsys_id";

test.each([
  [
    "a bound with its second",
    `sys_updated_on>=A^sys_updated_on>A^ORsys_id>1^${ORDER}`,
    "reads behind the cursor",
  ],
  ["the end of a second", `active=true^sys_updated_on>A^${ORDER}`, "reads behind the cursor"],
  ["a bound alone", `sys_updated_on>=A^${ORDER}`, "reads from an earlier time literal"],
  [
    "two bounds of time",
    `sys_updated_on>=A^sys_updated_on>A^ORsys_id>1^sys_updated_on<=B^${ORDER}`,
    "reads across hidden records over time",
  ],
  [
    "two bounds of sys_id",
    `sys_updated_on=A^sys_id>1^sys_id<=2^${ORDER}`,
    "reads across hidden records within one second",
  ],
  [
    "the order of sys_id",
    "sys_updated_on>=A^sys_updated_on<=B^ORDERBYsys_id",
    "reads of an hour that the clock shows twice",
  ],
  ["no time", `active=true^${ORDER}`, undefined],
])("a request with %s counts as the way of reading it is", (_, query, branch) => {
  expect(read(query)).toBe(branch);
});

test("a line of a poll's log counts for the branch it tells of, and a branch that no run took is named", () => {
  expect(logBranches("Old records: This poll ends with its budget after 50 events.")).toEqual([
    "polls that ended with their budget",
    "polls of old records",
  ]);
  expect(logBranches("3 events.")).toEqual([]);
  const required = branchesToTake({ whole: false, moves: true, zones: false });
  const taken = Object.fromEntries(required.map((branch) => [branch, 1]));
  expect(neverTaken({ ...taken, "moves of the account": 0 }, required)).toEqual(["moves of the account"]);
  expect(neverTaken(taken, branchesToTake({ whole: true, moves: true, zones: false }))).toEqual([
    "polls whose memory of young versions was full",
    "polls that ended with their budget",
  ]);
});

test("a seed of the swarm is the same run each time, and the seeds differ in what strikes them", () => {
  expect(shortRun(7, SCENES)).toEqual(shortRun(7, SCENES));
  const runs = Array.from({ length: 40 }, (_, seed) => shortRun(seed, SCENES));
  expect(new Set(runs.map(({ faultKinds = [] }) => faultKinds.join())).size).toBeGreaterThanOrEqual(25);
  expect(runs.every(({ writes = [] }) => writes.includes("updates"))).toBe(true);
  expect(new Set(runs.flatMap(({ sources = [] }) => sources))).toEqual(new Set(SOURCE_NAMES));
});
