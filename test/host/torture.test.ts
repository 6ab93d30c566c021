import { tortureHost } from "../../scripts/torture/host/run";

/** The short form of `npm run torture -- host`. */
test("killed workers and a restarted database lose no event and double none, and every delivery comes, in order", async () => {
  const result = await tortureHost({
    seconds: 20,
    leastKills: 2,
    leastRestarts: 2,
    sources: 20,
    workers: 2,
    killEveryMs: 5000,
    restartEveryMs: 10_000,
  });
  expect(result).toMatchObject({ lost: 0, doubled: 0, missing: 0, outOfOrder: 0 });
  expect(result.kills).toBeGreaterThanOrEqual(2);
  expect(result.databaseRestarts).toBeGreaterThanOrEqual(2);
  expect(result.events).toBeGreaterThanOrEqual(20 * 3);
  expect(result.deliveries).toBeGreaterThanOrEqual(result.events);
}, 600_000);
