import fc from "fast-check";
import { ServiceNowError, parseQuery, type Condition, type Page } from "../../../common";
import { walk, type RawRow, type ReadPage, type Walk } from "../../../common/table/paging";
import type { ListFacts } from "../../../common/table/types";

interface FakeRow {
  sys_id: string;
  a: string;
  b: string;
  hidden: boolean;
}

/** A table as ServiceNow pages it: limit and offset first, access controls after, the count blind to them. */
function fakeTable(rows: FakeRow[], options: { emptiesLast?: boolean; noLink?: boolean } = {}) {
  const asked: Array<{ limit: number; offset: number; count: boolean; query: string }> = [];
  const compare = (x: string, y: string): number => {
    if (x === y) return 0;
    if (x === "" || y === "") return (x === "") !== Boolean(options.emptiesLast) ? -1 : 1;
    return x < y ? -1 : 1;
  };
  const holds = (row: FakeRow, { field, operator, value }: Condition): boolean => {
    const cell = row[field as "a"];
    if (operator === "ISEMPTY") return cell === "";
    if (operator === "ISNOTEMPTY") return cell !== "";
    if (operator === "=") return cell === value;
    if (cell === "") return false;
    if (operator === ">") return cell > value;
    if (operator === "<") return cell < value;
    if (operator === ">=") return cell >= value;
    if (operator === "<=") return cell <= value;
    throw new Error(`operator ${operator}`);
  };
  const read: ReadPage = async (ask) => {
    asked.push(ask);
    const { groups, order } = parseQuery(ask.query);
    const all = rows
      .filter((row) => groups.some((group) => group.every((clause) => clause.some((c) => holds(row, c)))))
      .sort((x, y) => {
        for (const { field, descending } of order) {
          const result = compare(x[field as "a"], y[field as "a"]);
          if (result) return descending ? -result : result;
        }
        return 0;
      });
    const slice = all.slice(ask.offset, ask.offset + ask.limit);
    const visible = slice.filter((row) => !row.hidden).map(({ sys_id, a, b }) => ({ sys_id, a, b }));
    return {
      rows: visible,
      total: ask.count ? all.length : null,
      date: new Date(0),
      bytes: 0,
      hasNext: options.noLink ? false : ask.offset + ask.limit < all.length,
    };
  };
  return { read, asked };
}

async function readAll(
  read: ReadPage,
  options: Partial<Walk> & { query?: string },
): Promise<{ rows: RawRow[]; facts: ListFacts; pages: Page<RawRow>[] }> {
  const { query = "", ...rest } = options;
  const steps = walk(read, { filter: parseQuery(query), pageSize: 3, max: Infinity, ...rest });
  const rows: RawRow[] = [];
  const pages: Page<RawRow>[] = [];
  for (;;) {
    const step = await steps.next();
    if (step.done) return { rows, facts: step.value, pages };
    pages.push(step.value);
    rows.push(...step.value.rows);
  }
}

const row = (n: number, over: Partial<FakeRow> = {}): FakeRow => ({
  sys_id: n.toString(16).padStart(4, "0"),
  a: "",
  b: "",
  hidden: false,
  ...over,
});

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
  expect(asked.at(-1)?.offset).toBeGreaterThan(0);
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
