import { torture } from "../../scripts/torture/run";
import { SCENES, type Scene } from "../../scripts/torture/scenes";

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
    expect({ lost: result.lost, doubled: result.doubled, outOfOrder: result.outOfOrder }).toEqual({
      lost: 0,
      doubled: 0,
      outOfOrder: 0,
    });
    expect(result.committed).toBeGreaterThanOrEqual(700);
    expect(result.emitted).toBeGreaterThan(300);
    expect(result.kills).toBeGreaterThan(0);
    expect(result.faultsStruck).toBeGreaterThan(0);
    expect(result.accountMoves).toBe(scene.moves ? 3 : 0);
    expect(result.largestStateBytes).toBeLessThan(48_000);
    const baselines = Object.values(result.baselines);
    expect(baselines.some(({ lost }) => lost > 0)).toBe(true);
    expect(baselines.some(({ doubled }) => doubled > 0)).toBe(true);
  },
  120_000,
);
