import fc from "fast-check";
import type { ReadPage } from "../../../common/table/read-page";
import { fakeTable, readAll, row } from "./paged";

it("an order by times gives every row once, however far off the instance reads a time in a condition", async () => {
  const stamp = (n: number): string => String(n).padStart(3, "0");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ a: fc.nat(60), hidden: fc.boolean() }), { maxLength: 30 }),
      fc.integer({ min: -15, max: 15 }),
      fc.boolean(),
      fc.constantFrom("ORDERBYa", "ORDERBYDESCa", "ORDERBYb^ORDERBYDESCa"),
      fc.integer({ min: 1, max: 7 }),
      async (cells, shift, hide, query, pageSize) => {
        const rows = cells.map(({ a, hidden }, i) =>
          row((i * 7919) % 65536, { a: stamp(a + 100), b: String(a % 2), hidden: hide && hidden }),
        );
        const { read } = fakeTable(rows);
        const shifted: ReadPage = (ask) =>
          read({
            ...ask,
            query: ask.query.replace(/(?<=a[<>=]+)\d{3}/g, (text) => stamp(Number(text) + shift)),
          });
        const { rows: got, facts } = await readAll(shifted, { query, pageSize });
        const whole = await read({ query: `${query}^ORDERBYsys_id`, limit: 1000, offset: 0, count: true });
        expect(got).toEqual(whole.rows);
        expect(facts.complete).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

it("goes back as far as rows in front have gone, while it reads by position", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => row(i, { a: `^${String(i).padStart(2, "0")}` }));
  const { read } = fakeTable(rows);
  let reads = 0;
  const { rows: got } = await readAll(
    async (ask) => {
      if (reads++ === 3) rows.splice(0, 7);
      return read(ask);
    },
    { query: "ORDERBYa", pageSize: 5 },
  );
  expect(got.map((r) => r["sys_id"])).toEqual(Array.from({ length: 30 }, (_, i) => row(i).sys_id));
});

it.each(["first", "second"])(
  "a row that moves to the end while it is the last of the %s page takes no other with it",
  async (which) => {
    const rows = Array.from({ length: 30 }, (_, i) => row(i, { a: String(i).padStart(2, "0") }));
    const { read } = fakeTable(rows);
    let given = 0;
    const { rows: got, facts } = await readAll(
      async (ask) => {
        if (given >= (which === "first" ? 5 : 9)) {
          const last = rows[which === "first" ? 4 : 8];
          if (last) last.a = "99";
        }
        const page = await read(ask);
        given += page.rows.length;
        return page;
      },
      { query: "ORDERBYa", pageSize: 5 },
    );
    expect(new Set(got.map((r) => r["sys_id"])).size).toBe(30);
    expect(facts.complete).toBe(true);
  },
);

it("an instance that drops the key's condition is read by position, where the order can tell", async () => {
  const rows = Array.from({ length: 12 }, (_, i) => row(i, { a: String(i % 2) }));
  const { read } = fakeTable(rows);
  const { rows: got } = await readAll(
    (ask) => read({ ...ask, query: ask.query.startsWith("sys_id=") ? ask.query : "ORDERBYa^ORDERBYsys_id" }),
    { query: "ORDERBYa", pageSize: 5 },
  );
  expect(new Set(got.map((r) => r["sys_id"])).size).toBe(12);
  expect(got).toHaveLength(12);
});

it("an order by a reference keyed by name, which only its link tells, goes by position", async () => {
  const rows = Array.from({ length: 9 }, (_, i) => row(i, { a: i < 4 ? "" : `name${9 - i}` }));
  const { read, asked } = fakeTable(rows);
  const { rows: got } = await readAll(
    async (ask) => {
      const page = await read(ask);
      if (ask.links) page.rows = page.rows.map((r) => ({ ...r, a: r["a"] && { link: "x", value: r["a"] } }));
      return page;
    },
    { query: "ORDERBYa", pageSize: 5 },
  );
  expect(new Set(got.map((r) => r["sys_id"])).size).toBe(9);
  expect(asked.map(({ offset }) => offset)).toEqual([0, 0, 4]);
});
