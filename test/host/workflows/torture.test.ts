import { tortureWorkflows } from "../../../scripts/torture/workflows/run";

/** The short form of `npm run torture -- workflows`. */
test("a host killed at boundaries of a workflow loses no run, doubles no record and starts nothing early", async () => {
  const result = await tortureWorkflows({ kills: 4, eventEverySeconds: 4 });
  expect(result).toMatchObject({ kills: 4, lost: 0, doubledWrites: 0, startedEarly: 0 });
  expect(result.runs).toBeGreaterThanOrEqual(2);
  expect(result.killsAtBoundaries).toBeGreaterThanOrEqual(2);
}, 900_000);
