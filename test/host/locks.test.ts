import { Events } from "../../host/src/triggers/events";
import { Locks } from "../../host/src/triggers/locks";
import { SourceRuns, type SourceRunServices } from "../../host/src/triggers/source-runs";
import type { Database } from "../../host/src/db/database";

/** A database that gives a trigger to whoever asks, and fails to record the end of a run as often as told. */
function database(failures: number): Database & { renewed: string[][]; recorded: number } {
  const seen = { renewed: [] as string[][], recorded: 0 };
  const query = (sql: string, parameters: unknown[] = []): Promise<unknown[]> => {
    if (sql.includes("returning *"))
      return Promise.resolve([{ id: "t", lock_run: "run 1", configured_props: "{}", schedule: null }]);
    if (sql.includes("lock_run = any")) seen.renewed.push(parameters[0] as string[]);
    if (sql.includes("insert into runs")) {
      failures -= 1;
      if (failures >= 0) return Promise.reject(new Error("the database is away"));
      seen.recorded += 1;
    }
    return Promise.resolve([]);
  };
  return Object.assign(seen, { query }) as unknown as Database & typeof seen;
}

function runsOn(db: Database, locks: Locks): SourceRuns {
  const registry = { component: () => Promise.resolve(undefined) };
  return new SourceRuns({
    db,
    locks,
    registry,
    events: new Events(),
    retryMs: [1, 1],
  } as unknown as SourceRunServices);
}

test("the lock is renewed while its run goes on and no longer, also when the end could not be recorded", async () => {
  const db = database(Infinity);
  const locks = new Locks(db, "host");
  const row = await locks.one("t");
  await locks.keep();
  expect(db.renewed).toEqual([["run 1"]]);
  await expect(runsOn(db, locks).poll(row!)).rejects.toThrow("the database is away");
  await locks.keep();
  expect(db.renewed).toHaveLength(1);
});

test("a run that could not be recorded at once is recorded at the next try", async () => {
  const db = database(2);
  const locks = new Locks(db, "host");
  await runsOn(db, locks).poll((await locks.one("t"))!);
  expect(db.recorded).toBe(1);
});
