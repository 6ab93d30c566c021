import type { SavedFeedState } from "../../../common/change-feed";
import { id, started, write } from "./source";

test("a record that is changed exactly at each second, while it is polled, is emitted once per version", async () => {
  const { table, source } = await started();
  for (let second = 0; second < 90; second++) {
    write(table, [700]);
    table.advance(0);
    await source.feed.poll();
    table.advance(1_000);
  }
  table.advance(200_000);
  await source.feed.poll();
  expect(source.emitted.map(({ modCount }) => Number(modCount))).toEqual(
    Array.from({ length: 90 }, (_, n) => n),
  );
});

test("5,000 records of one second, in the opposite order of their ids, come in pages without gap or repetition", async () => {
  const { table, source } = await started({ pageSize: 1_000, fields: ["kind"] });
  write(
    table,
    Array.from({ length: 5_000 }, (_, n) => 9_000 - n),
  );
  table.advance(300_000);
  while ((await source.feed.poll()).waiting !== 0);
  expect(source.ids).toEqual(Array.from({ length: 5_000 }, (_, n) => id(4_001 + n)));
});

test("deleting the record that the cursor stands on loses and repeats nothing", async () => {
  const { table, source } = await started({ pageSize: 2 });
  write(table, [10, 11, 12, 13, 14]);
  table.advance(200_000);
  source.options.budget = { rows: 2 };
  await source.feed.poll();
  table.history.delete(id(11));
  source.options.budget = {};
  await source.feed.poll();
  expect(source.ids).toEqual([id(10), id(11), id(12), id(13), id(14)]);
});

test("a clock of the instance that goes back an hour ends and repeats nothing; events go on when it has caught up", async () => {
  const { table, source } = await started();
  write(table, [10]);
  table.advance(200_000);
  await source.feed.poll();
  table.clock -= 3_600_000;
  for (let polls = 0; polls < 5; polls++) {
    expect(await source.feed.poll()).toMatchObject({ emitted: 0, waiting: 0 });
    table.advance(60_000);
  }
  expect(source.logs.join()).toContain("ahead of the instance's clock");
  table.advance(3_600_000);
  write(table, [11]);
  table.advance(1_000);
  await source.feed.poll();
  expect(source.ids).toEqual([id(10), id(11)]);
});

test("records that enter, leave and enter the filter again are emitted each time they are in it", async () => {
  const { table, source } = await started({ groups: ["kind=a"], filterColumns: ["kind"] });
  const set = async (kind: string) => {
    table.schedule([{ at: table.clock, id: id(10), delay: 0, columns: { kind } }]);
    table.advance(1_000);
    await source.feed.poll();
  };
  for (const kind of ["b", "a", "b", "a", "a"]) await set(kind);
  table.advance(200_000);
  await source.feed.poll();
  expect(source.emitted.map(({ modCount }) => modCount)).toEqual(["1", "3", "4"]);
});

test("records that an access rule hides from time to time are never doubled, and come when they change in sight", async () => {
  const { table, source } = await started({ pageSize: 3 });
  write(
    table,
    Array.from({ length: 20 }, (_, n) => 100 + n),
  );
  for (let second = 0; second < 120; second += 10) {
    table.hidden = (row) => (Number.parseInt(row.sys_id, 16) + second / 10) % 2 === 0;
    await source.feed.poll();
    table.advance(10_000);
  }
  table.hidden = () => false;
  write(
    table,
    Array.from({ length: 20 }, (_, n) => 100 + n),
  );
  table.advance(200_000);
  await source.feed.poll();
  const versions = source.emitted.map((version) => version.id);
  expect(new Set(versions).size).toBe(versions.length);
  expect(source.emitted.filter(({ modCount }) => modCount === "1")).toHaveLength(20);
});

describe("the account's user moves to another time zone", () => {
  const inLisbon = async () => {
    const world = await started({}, 5, "Europe/Lisbon");
    write(world.table, [10]);
    world.table.advance(100_000);
    await world.source.feed.poll();
    return world;
  };

  test("further west, where dates are read too late: the gap is noticed, and what lies in it is emitted first", async () => {
    const { table, source } = await inLisbon();
    table.reading = "America/Noronha";
    table.advance(600_000);
    write(table, [11]);
    table.advance(4 * 3_600_000);
    write(table, [12]);
    table.advance(1_000);
    await source.feed.poll();
    expect(source.ids).toEqual([id(10), id(11), id(12)]);
  });

  test("an idle source asks where the account is, and emits what it had not seen", async () => {
    const { table, source } = await inLisbon();
    table.reading = "America/Los_Angeles";
    write(table, [11]);
    table.advance(1_000);
    expect((await source.feed.poll()).emitted).toBe(0);
    table.advance(700_000);
    expect((await source.feed.poll()).emitted).toBe(1);
    expect((JSON.parse(source.state ?? "") as SavedFeedState).z).toEqual({
      kind: "zone",
      zone: "America/Los_Angeles",
    });
  });

  test("further east, where an upper bound is read too early: records behind unreadable ones are not passed over", async () => {
    const { table, source } = await started({ pageSize: 3 });
    table.hidden = (row) => row.sys_id >= id(100);
    const hide = (first: number) =>
      write(
        table,
        Array.from({ length: 20 }, (_, n) => first + n),
      );
    // For hours nothing comes that the account may read.
    table.advance(6 * 3_600_000);
    hide(100);
    table.advance(100_000);
    await source.feed.poll();
    hide(200);
    table.advance(10_000);
    write(table, [11]);
    table.reading = "Asia/Kolkata";
    table.advance(2 * 3_600_000);
    await source.feed.poll();
    await source.feed.poll();
    expect(source.ids).toEqual([id(11)]);
  });

  test("to a zone that cannot be found out: an error, and nothing is skipped", async () => {
    const { table, source } = await inLisbon();
    table.reading = "America/Noronha";
    source.options.zone = async () => undefined;
    write(table, [11]);
    table.advance(4 * 3_600_000);
    write(table, [12]);
    table.advance(1_000);
    await expect(source.feed.poll()).rejects.toThrow(/time zone.*GMT/s);
    source.options.zone = async () => table.reading;
    await source.feed.poll();
    expect(source.ids).toEqual([id(10), id(11), id(12)]);
  });
});

test.each<[string, (state: Record<string, unknown>) => unknown]>([
  ["is no object", () => "state"],
  ["is of an older version", (state) => ({ ...state, v: 0 })],
  ["has no cursor", (state) => ({ ...state, t: null })],
  ["has a cursor that is no number", (state) => ({ ...state, t: "2026-08-01" })],
  ["has a cursor that has no date", (state) => ({ ...state, t: 9e12 })],
  ["has a cursor of the next century", (state) => ({ ...state, t: Date.UTC(2100, 0) / 1000 })],
  ["has no id", (state) => ({ ...state, i: 7 })],
  ["has a broken memory", (state) => ({ ...state, y: [[1]] })],
  ["has a memory of another kind", (state) => ({ ...state, y: [{ 1: "x" }] })],
])("a state that %s starts again at the present and says so", async (_what, damage) => {
  const { table, source } = await started();
  write(table, [10]);
  table.advance(100_000);
  source.state = JSON.stringify(damage(JSON.parse(source.state ?? "{}") as Record<string, unknown>));
  expect(await source.feed.poll()).toMatchObject({ started: true, emitted: 0 });
  expect(source.logs.join()).toContain("starts again");
  write(table, [11]);
  table.advance(1_000);
  await source.feed.poll();
  expect(source.ids).toEqual([id(11)]);
});

test.each([
  ["its reading of dates", { z: { kind: "zone", zone: "Nowhere/Land" }, za: "x" }],
  ["its boundary", { p: 9e12 }],
  ["its counters", { n: "many", p: null, c: 1 }],
])("a state that has lost %s goes on", async (_what, damage) => {
  const { table, source } = await started();
  write(table, [10]);
  table.advance(100_000);
  source.state = JSON.stringify({ ...(JSON.parse(source.state ?? "{}") as object), ...damage });
  expect(await source.feed.poll()).toMatchObject({ started: false, emitted: 1 });
});
