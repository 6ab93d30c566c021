import type { SavedFeedState } from "../../../common/change-feed";
import { FeedError } from "../../../common/change-feed";
import { FakeTable } from "./fake-table";
import { id, Source, START, started, write } from "./source";

test("an idle poll is one request", async () => {
  const { table, source } = await started();
  const report = await source.feed.poll();
  expect(report).toMatchObject({ emitted: 0, requests: 1, waiting: 0 });
  expect(table.requests).toBe(1);
});

test("an idle poll behind records that the account may not read is one request as well", async () => {
  const { table, source } = await started({ pageSize: 10 });
  table.hidden = (row) => row.sys_id >= id(100);
  write(
    table,
    Array.from({ length: 95 }, (_, n) => 100 + n),
  );
  table.advance(200_000);
  // Getting past them takes requests, once.
  for (let polls = 0; polls < 3; polls++) if ((await source.feed.poll()).waiting === 0) break;
  expect((await source.feed.poll()).requests).toBe(1);
});

test("the start emits the newest 25, oldest first, and nothing of the past afterwards", async () => {
  const table = new FakeTable(START);
  for (let n = 0; n < 60; n++) {
    write(table, [n]);
    table.advance(1_000);
  }
  const source = new Source(table);
  await source.feed.start();
  expect(source.ids).toEqual(Array.from({ length: 25 }, (_, n) => id(35 + n)));
  await source.feed.poll();
  table.advance(300_000);
  await source.feed.poll();
  expect(source.emitted).toHaveLength(25);
});

test("a burst of 6,000 records in one second is emitted once each, in slices of 50, with a state below 48 KB", async () => {
  const { table, source } = await started({ fields: ["kind"] });
  write(
    table,
    Array.from({ length: 6_000 }, (_, n) => 1_000 + n),
  );
  table.advance(1_000);
  let largest = 0;
  const first = await source.feed.poll();
  largest = Math.max(largest, source.state?.length ?? 0);
  expect(first.emitted).toBeGreaterThan(3_000);
  expect(first.waiting).toBe(1);
  expect(source.logs.join()).toContain("seconds old");
  table.advance(100_000);
  for (let n = 0; n < 5; n++) await source.feed.poll();
  expect(source.emitted).toHaveLength(6_000);
  expect(new Set(source.ids).size).toBe(6_000);
  expect(largest).toBeLessThan(48_000);
  expect(source.saves).toBeGreaterThanOrEqual(120);
});

test("a backlog of 10,000 records is drained over several polls, and the log says how much waits", async () => {
  const { table, source } = await started({ fields: ["kind"] });
  write(
    table,
    Array.from({ length: 10_000 }, (_, n) => 1_000 + n),
  );
  table.advance(600_000);
  const polls: number[] = [];
  for (;;) {
    const { emitted, waiting } = await source.feed.poll();
    polls.push(emitted);
    if (waiting === 0) break;
  }
  expect(polls.length).toBeGreaterThan(1);
  expect(new Set(source.ids).size).toBe(10_000);
  expect(source.emitted).toHaveLength(10_000);
  expect(source.logs[0]).toMatch(/About \d+ records wait/);
});

test("a commit that becomes visible 59 seconds late is emitted although later records went out before it", async () => {
  const { table, source } = await started();
  write(table, [500], 59_000);
  table.advance(10_000);
  write(table, [501]);
  table.advance(40_000);
  await source.feed.poll();
  expect(source.ids).toEqual([id(501)]);
  table.advance(10_000);
  await source.feed.poll();
  table.advance(200_000);
  await source.feed.poll();
  expect(source.ids).toEqual([id(501), id(500)]);
});

test("two updates of one record within one second are two versions, the latest of which is emitted", async () => {
  const { table, source } = await started();
  write(table, [3]);
  table.advance(0);
  await source.feed.poll();
  write(table, [3]);
  table.advance(0);
  await source.feed.poll();
  expect(source.emitted.map(({ modCount }) => modCount)).toEqual(["1", "2"]);
  expect(new Set(source.emitted.map((version) => version.id)).size).toBe(2);
});

test("an access rule that drops the cursor's condition is an error that names it, not a loop", async () => {
  const { table, source } = await started({ pageSize: 3 }, 50);
  const read = table.read;
  source.options.read = (request) =>
    read({ ...request, query: request.query.replace(/sys_updated_on>[^^]*\^?(ORsys_id>[^^]*)?\^?/g, "") });
  await expect(source.feed.poll()).rejects.toThrow(/stands still.*query_range/s);
  expect(source.emitted).toEqual([]);
});

test("two polls at the same time do not both emit: the one that is behind stops", async () => {
  const { table, source } = await started();
  write(table, [600, 601]);
  table.advance(100_000);
  const late = source.feed;
  const read = table.read;
  source.options.read = async (request) => {
    source.options.read = read;
    await source.feed.poll();
    return read(request);
  };
  const overtaken = source.feed.poll();
  await expect(overtaken).rejects.toThrow(/Another poll/);
  expect(source.ids).toEqual([id(600), id(601)]);
  await late.poll();
  expect(source.emitted).toHaveLength(2);
});

test("an account in an unknown zone is an error that says what to set", async () => {
  const table = new FakeTable(START);
  table.reading = "America/New_York";
  write(table, [1]);
  table.advance(100_000);
  const source = new Source(table, { zone: async () => undefined });
  await expect(source.feed.start()).rejects.toThrow(/time zone.*GMT/s);
  const known = new Source(table, { zone: async () => "America/New_York" });
  await known.feed.start({ first: 0 });
  expect((JSON.parse(known.state ?? "{}") as SavedFeedState).z).toEqual({
    kind: "zone",
    zone: "America/New_York",
  });
});

test("a filter column that does not exist is refused on an empty table when the first record comes", async () => {
  const table = new FakeTable(START);
  const source = new Source(table, { groups: ["kind!=x"], filterColumns: ["kind", "no_such_column"] });
  await source.feed.start();
  write(table, [1]);
  table.advance(10_000);
  await expect(source.feed.poll()).rejects.toThrow(/no_such_column/);
  expect(source.emitted).toEqual([]);
});

test("a state of another filter or version starts again at the present", async () => {
  const { table, source } = await started();
  write(table, [700]);
  table.advance(100_000);
  source.options.groups = ["kind=a"];
  const report = await source.feed.poll();
  expect(report).toMatchObject({ started: true, emitted: 0 });
  expect(source.logs.join()).toContain("starts again");
});

test("a filter that leaves no room for the cursor is refused before it is sent", async () => {
  const table = new FakeTable(START);
  const source = new Source(table, {
    groups: [`kindIN${Array.from({ length: 900 }, (_, n) => `value${n}`).join(",")}`],
  });
  await expect(source.feed.start()).rejects.toBeInstanceOf(FeedError);
  expect(source.state).toBeUndefined();
}, 10_000);

test("where an event takes long, each is saved by itself, and a poll that has had its seconds leaves the rest", async () => {
  const { table, source } = await started({ slow: true });
  const saves = source.saves;
  write(table, [100, 101, 102, 103, 104]);
  table.advance(120_000);
  source.options.emit = (versions) => {
    source.emitted.push(...versions);
    table.advance(20_000);
  };
  const report = await source.feed.poll();
  expect(source.emitted).toHaveLength(3);
  expect(source.saves - saves).toBeGreaterThanOrEqual(3);
  expect(report.waiting).not.toBe(0);
  await source.feed.poll();
  expect(source.ids).toEqual([100, 101, 102, 103, 104].map(id));
});
