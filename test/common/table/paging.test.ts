import fc from "fast-check";
import { ServiceNowError } from "../../../common";
import type { ReadPage } from "../../../common/table/read-page";
import { fakeTable, readAll, row } from "./paged";

describe("PS-25, X3, PS-59: a list reads to the end", () => {
  it("by key, and says so", async () => {
    const { read, asked } = fakeTable(Array.from({ length: 8 }, (_, i) => row(i)));
    const { rows, facts } = await readAll(read, {});
    expect(rows).toHaveLength(8);
    expect(facts).toEqual({ total: 8, complete: true, hidden: 0 });
    expect(asked[1]?.query).toBe("sys_id>0002^ORDERBYsys_id");
    expect(asked.every(({ offset }) => offset === 0)).toBe(true);
  });
  it("one request when all fits", async () => {
    const { read, asked } = fakeTable([row(1), row(2)]);
    await readAll(read, {});
    expect(asked).toHaveLength(1);
  });
  it("stops at a ceiling and says so", async () => {
    const { read, asked } = fakeTable(Array.from({ length: 8 }, (_, i) => row(i)));
    const { rows, facts } = await readAll(read, { max: 5 });
    expect(rows).toHaveLength(5);
    expect(facts).toEqual({ total: 8, complete: false, stoppedAt: "max", hidden: null });
    expect(asked.map(({ limit }) => limit)).toEqual([3, 2]);
  });
  it("counts only on the first page and at the end", async () => {
    const { read, asked } = fakeTable(Array.from({ length: 10 }, (_, i) => row(i)));
    await readAll(read, {});
    expect(asked.map(({ count }) => count)).toEqual([true, false, false, false, true]);
  });
});

it("a short or empty page is not the end: hidden stretches are crossed, and counted", async () => {
  const rows = Array.from({ length: 40 }, (_, i) => row(i, { hidden: i >= 4 && i < 25 }));
  const { rows: got, facts } = await readAll(fakeTable(rows).read, {});
  expect(got).toHaveLength(19);
  expect(facts).toEqual({ total: 40, complete: true, hidden: 21 });
});

it("a table that is wholly hidden is complete, empty, and says how much is hidden", async () => {
  const { facts } = await readAll(
    fakeTable(Array.from({ length: 10 }, (_, i) => row(i, { hidden: true }))).read,
    {},
  );
  expect(facts).toEqual({ total: 10, complete: true, hidden: 10 });
});

it("the order asked for is kept, with sys_id as the tie-break, over empty values on either kind of database", async () => {
  const table = fc.array(
    fc.record({
      a: fc.constantFrom("", "1", "2", "3"),
      b: fc.constantFrom("", "x", "y"),
      hidden: fc.boolean(),
    }),
    { maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(
        "ORDERBYa",
        "ORDERBYDESCa",
        "ORDERBYb^ORDERBYDESCsys_id",
        "ORDERBYDESCb",
        "ORDERBYb^ORDERBYa",
        "ORDERBYb^ORDERBYDESCa",
        "ORDERBYDESCb^ORDERBYa",
        "",
      ),
      fc.integer({ min: 1, max: 7 }),
      async (cells, emptiesLast, hide, query, pageSize) => {
        const rows = cells.map((cell, i) =>
          row((i * 7919) % 65536, { ...cell, hidden: hide && cell.hidden }),
        );
        const fake = fakeTable(rows, { emptiesLast });
        const { rows: got, facts } = await readAll(fake.read, { query, pageSize });
        const whole = await fake.read({
          query: `${query}${query.includes("sys_id") ? "" : "^ORDERBYsys_id"}`.replace(/^\^/, ""),
          limit: 1000,
          offset: 0,
          count: true,
        });
        expect(got).toEqual(whole.rows);
        expect(facts.complete).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});

it("reads the query's groups each with the key, so a filter with ^NQ loses and doubles nothing", async () => {
  const rows = Array.from({ length: 20 }, (_, i) => row(i, { a: String(i % 3) }));
  const { rows: got } = await readAll(fakeTable(rows).read, { query: "a=0^NQa=1", pageSize: 4 });
  expect(got.map((r) => r["sys_id"])).toEqual(rows.filter((r) => r.a !== "2").map((r) => r.sys_id));
});

it("falls back to positions where no key can be kept: an order by a reference", async () => {
  const rows = Array.from({ length: 9 }, (_, i) => row(i, { a: "0".repeat(31) + (i % 2) }));
  const { read, asked } = fakeTable(rows);
  const { rows: got, facts } = await readAll(read, { query: "ORDERBYa" });
  expect(new Set(got.map((r) => r["sys_id"])).size).toBe(9);
  expect(facts.complete).toBe(true);
  expect(asked.map(({ offset }) => offset)).toEqual([0, 3, 6]);
});

it("makes pages smaller when the instance cancels the transaction, and gives up at the smallest", async () => {
  const { read } = fakeTable(Array.from({ length: 100 }, (_, i) => row(i)));
  const limits: number[] = [];
  const slow: ReadPage = async (ask) => {
    limits.push(ask.limit);
    if (ask.limit > 25) throw new ServiceNowError({ kind: "cancelled", what: "too long" });
    return read(ask);
  };
  const { rows } = await readAll(slow, { pageSize: 100 });
  expect(rows).toHaveLength(100);
  expect(limits.slice(0, 3)).toEqual([100, 50, 25]);
  const dead: ReadPage = async () =>
    Promise.reject(new ServiceNowError({ kind: "cancelled", what: "too long" }));
  await expect(readAll(dead, { pageSize: 100 })).rejects.toMatchObject({ kind: "cancelled" });
});

it("an instance that drops the key's condition is an error that names the likely cause, not a loop", async () => {
  const same: ReadPage = async () => ({
    rows: [{ sys_id: "1" }, { sys_id: "2" }, { sys_id: "3" }],
    total: 50,
    date: new Date(0),
    bytes: 0,
    hasNext: true,
  });
  await expect(readAll(same, {})).rejects.toThrow(/query_range/);
});

it("without any count, Link or full page it takes the list for ended", async () => {
  const { read } = fakeTable(Array.from({ length: 7 }, (_, i) => row(i)));
  const blind: ReadPage = async (ask) => ({ ...(await read(ask)), total: null, hasNext: false });
  const { rows, facts } = await readAll(blind, {});
  expect(rows).toHaveLength(7);
  expect(facts).toEqual({ total: null, complete: true, hidden: null });
});
