import { FakeTable } from "./fake-table";
import { id, Source, START, started, write } from "./source";

// What the settled boundary, the memory and the order of pages are there for: each test fails when one of them is weakened.

test("a second is settled only when a commit of its last moment has had its whole minute", async () => {
  const { table, source } = await started();
  write(table, [900]);
  table.schedule([{ at: table.clock + 999, id: id(500), delay: 60_000 }]);
  table.advance(60_998);
  await source.feed.poll();
  expect(source.ids).toEqual([id(900)]);
  table.advance(10_000);
  await source.feed.poll();
  expect(source.ids).toEqual([id(900), id(500)]);
});

test("what was read young is not taken as settled because later pages took long", async () => {
  const { table, source } = await started({ pageSize: 2, budget: { seconds: 1_000 } });
  write(table, [10, 11]);
  write(table, [5], 59_000);
  table.advance(40_000);
  write(table, [12, 13]);
  table.advance(10_000);
  let reads = 0;
  // The answer to the first page is 45 seconds on its way.
  table.latency = () => (reads++ === 1 ? 45_000 : 0);
  await source.feed.poll();
  table.advance(200_000);
  await source.feed.poll();
  expect(source.ids.filter((each) => each === id(5))).toHaveLength(1);
});

test("a page is as old as its request, whatever the time its answer carries", async () => {
  const { table, source } = await started();
  write(table, [10]);
  write(table, [5], 59_000);
  table.advance(50_000);
  source.options.read = async (request) => {
    const answer = await table.read(request);
    table.advance(30_000);
    return { ...answer, date: new Date(table.clock) };
  };
  await source.feed.poll();
  source.options.read = table.read;
  table.advance(200_000);
  await source.feed.poll();
  expect(source.ids).toEqual([id(10), id(5)]);
});

test("all records of the last minute before the start are history, also more than a page", async () => {
  const table = new FakeTable(START);
  write(
    table,
    Array.from({ length: 300 }, (_, n) => n),
  );
  table.advance(20_000);
  const source = new Source(table, { pageSize: 50 });
  await source.feed.start({ first: 0 });
  await source.feed.poll();
  table.advance(200_000);
  await source.feed.poll();
  expect(source.ids).toEqual([]);
});

test("records that are created while the source starts are emitted once", async () => {
  const table = new FakeTable(START);
  write(table, [1, 2]);
  table.advance(200_000);
  const source = new Source(table);
  let next = 100;
  table.onRead = () => write(table, [next++]);
  await source.feed.start({ first: 25 });
  table.onRead = () => {};
  for (let polls = 0; polls < 3; polls++) {
    await source.feed.poll();
    table.advance(100_000);
  }
  expect(new Set(source.ids).size).toBe(source.ids.length);
  for (let made = 100; made < next; made++) expect(source.ids).toContain(id(made));
});

test("rows in another order than asked for are an error that names the likely rule", async () => {
  const { table, source } = await started();
  write(table, [10, 11, 12]);
  source.options.read = async (request) => {
    const answer = await table.read(request);
    return { ...answer, rows: answer.rows.reverse() };
  };
  await expect(source.feed.poll()).rejects.toThrow(/another order.*query_range/s);
  expect(source.emitted).toEqual([]);
});

test("a count that is one too low hides no record behind unreadable ones", async () => {
  const { table, source } = await started({ pageSize: 10 });
  table.hidden = (row) => row.sys_id >= id(100) && row.sys_id < id(200);
  write(
    table,
    Array.from({ length: 10 }, (_, n) => 100 + n),
  );
  table.advance(1_000);
  write(table, [500]);
  table.advance(200_000);
  // The instance counts a moment after it reads, when one of the records has just been changed.
  source.options.read = async (request) => {
    const answer = await table.read(request);
    return request.query.includes("<=") ? { ...answer, total: (answer.total ?? 0) - 1 } : answer;
  };
  for (let polls = 0; polls < 3; polls++) await source.feed.poll();
  expect(source.ids).toEqual([id(500)]);
});
