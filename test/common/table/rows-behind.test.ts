import fc from "fast-check";
import { formatQuery, parseQuery } from "../../../common";
import { KeysetCursor, withTieBreak } from "../../../common/table/keyset-cursor";
import type { RawRow, ReadPage } from "../../../common/table/read-page";
import { fakeTable, row, type FakeRow } from "./paged";

/** The condition that says "behind this row": what it is, what it selects, and where there is none. */

const noReading: ReadPage = () => Promise.reject(new Error("nothing is to be read"));
const orderOf = (query: string) => withTieBreak(parseQuery(query).order);
const cursorOf = (query: string, read: ReadPage = noReading) => new KeysetCursor(parseQuery(query), read);

async function behind(cursor: KeysetCursor, last: RawRow): Promise<string | undefined> {
  const query = await cursor.behind(last);
  return query && formatQuery(query);
}

const table = fc.array(
  fc.record({
    a: fc.constantFrom("", "1", "2"),
    b: fc.constantFrom("", "x", "y"),
    hidden: fc.boolean(),
  }),
  { minLength: 1, maxLength: 14 },
);

it("selects the rows that the instance gives behind each row, and no other, wherever empty values stand", async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.boolean(),
      fc.constantFrom(
        "ORDERBYa",
        "ORDERBYDESCa",
        "ORDERBYa^ORDERBYb",
        "ORDERBYDESCa^ORDERBYb",
        "ORDERBYb^ORDERBYDESCa",
        "ORDERBYa^ORDERBYDESCsys_id",
        "ORDERBYDESCsys_id",
        "",
      ),
      async (cells, emptiesLast, query) => {
        const rows: FakeRow[] = cells.map((cell, i) =>
          row((i * 7919) % 65536, { ...cell, hidden: query === "" && cell.hidden }),
        );
        const { read } = fakeTable(rows, { emptiesLast });
        const all = (text: string) => read({ query: text, limit: 1000, offset: 0, count: false });
        const order = orderOf(query);
        const { rows: sorted } = await all(formatQuery({ groups: [[]], order }));
        const cursor = cursorOf(query, read);
        if (sorted[0]) cursor.begin(sorted[0]);
        for (const [at, last] of sorted.entries()) {
          const key = await cursor.behind(last);
          // Rows behind the last one with an empty column are none, which no condition says.
          if (!key || key.groups.length === 0) continue;
          const { rows: found } = await all(formatQuery({ ...key, order }));
          expect(found).toEqual(sorted.slice(cursor.mixed ? at : at + 1));
        }
      },
    ),
    { numRuns: 300 },
  );
});

describe("the order", () => {
  it.each([
    ["", "ORDERBYsys_id"],
    ["ORDERBYa", "ORDERBYa^ORDERBYsys_id"],
    ["ORDERBYDESCa^ORDERBYb", "ORDERBYDESCa^ORDERBYb^ORDERBYsys_id"],
    ["ORDERBYa^ORDERBYDESCsys_id^ORDERBYb", "ORDERBYa^ORDERBYDESCsys_id"],
    ["ORDERBYDESCsys_id^ORDERBYb", "ORDERBYDESCsys_id"],
  ])("%s ends with sys_id, behind which nothing can differ", (given, order) => {
    expect(formatQuery({ groups: [[]], order: orderOf(given) })).toBe(order);
  });
  it("by sys_id alone needs no proof that the instance compares as it orders, any other does", () => {
    expect(cursorOf("ORDERBYsys_id").mixed).toBe(false);
    expect(cursorOf("ORDERBYDESCsys_id^ORDERBYa").mixed).toBe(false);
    expect(cursorOf("ORDERBYa^ORDERBYsys_id").mixed).toBe(true);
  });
});

describe("where empty values stand", () => {
  const last = { sys_id: "0005", a: "2", b: "x" };
  it.each([
    ["ORDERBYa", "", "a>2^NQa=2^sys_id>=0005"],
    ["ORDERBYa", "1", "a>2^NQaISEMPTY^NQa=2^sys_id>=0005"],
    ["ORDERBYDESCa", "", "a<2^NQa=2^sys_id>=0005"],
    ["ORDERBYDESCa", "9", "a<2^NQaISEMPTY^NQa=2^sys_id>=0005"],
  ])("%s whose first row has %j", async (query, first, condition) => {
    const cursor = cursorOf(query);
    cursor.begin({ sys_id: "0001", a: first });
    expect(await behind(cursor, last)).toBe(condition);
  });

  it.each([
    ["ORDERBYa", "", "aISNOTEMPTY^NQaISEMPTY^sys_id>=0005"],
    ["ORDERBYa", "1", "aISEMPTY^sys_id>=0005"],
    ["ORDERBYDESCa", "9", "aISEMPTY^sys_id>=0005"],
    ["ORDERBYDESCa", "", "aISNOTEMPTY^NQaISEMPTY^sys_id>=0005"],
  ])("%s whose first row has %j, behind an empty one", async (query, first, condition) => {
    const cursor = cursorOf(query);
    cursor.begin({ sys_id: "0001", a: first });
    expect(await behind(cursor, { ...last, a: "" })).toBe(condition);
  });

  it.each([
    ["1", "a>2^NQa=2^b>x^NQa=2^bISEMPTY^NQa=2^b=x^sys_id>=0005"],
    ["", "a>2^NQa=2^b>x^NQa=2^b=x^sys_id>=0005"],
    [undefined, "a>2^NQa=2^b>x^NQa=2^b=x^sys_id>=0005"],
  ])("in a further column is asked once: its first row has %j", async (first, condition) => {
    const asked: unknown[] = [];
    const read: ReadPage = async (ask) => {
      asked.push(ask);
      const rows = first === undefined ? [] : [{ sys_id: "0009", b: first }];
      return { rows, total: null, date: new Date(0), bytes: 0, hasNext: false };
    };
    const cursor = cursorOf("active=true^ORDERBYa^ORDERBYb", read);
    cursor.begin({ sys_id: "0001", a: "" });
    for (let again = 0; again < 2; again++)
      expect((await behind(cursor, last))?.replaceAll("active=true^", "")).toBe(condition);
    expect(asked).toEqual([
      { query: "active=true^ORDERBYb^ORDERBYsys_id", limit: 20, offset: 0, count: false },
    ]);
  });
});

it("keeps the filter in each of its groups, and goes down where sys_id does", async () => {
  const cursor = cursorOf("b=x^NQb=y^ORDERBYDESCsys_id");
  cursor.begin({ sys_id: "0009" });
  expect(await behind(cursor, { sys_id: "0005" })).toBe("b=x^sys_id<0005^NQb=y^sys_id<0005");
});

describe("there is no condition", () => {
  const place = async (a: unknown, cursor = cursorOf("ORDERBYa")): Promise<string | undefined> => {
    cursor.begin({ sys_id: "0001", a: "" });
    return behind(cursor, { sys_id: "0005", a });
  };
  const id = "0123456789abcdef0123456789abcdef";

  it.each([
    ["a reference, by its link", { link: "https://x/1", value: "abc" }],
    ["what looks like a reference", id],
    ["a script", "javascript:gs.now()"],
    ["a script in other letters, behind blanks", "  JavaScript:1"],
    ["a sign that ends a condition", "a^b"],
    ["a sign that continues an operator", "=5"],
    ["a value too long for an address", "y".repeat(501)],
    ["a value too long once it is encoded", "é".repeat(84)],
  ])("for %s", async (_what, value) => expect(await place(value)).toBeUndefined());

  it.each([
    ["a value of the full length", "y".repeat(500)],
    ["a value of the full length once it is encoded", "é".repeat(83)],
    ["a value with both parts and no link", { value: "y", display_value: "Y" }],
    ["a longer row of hexadecimal digits", `${id}0`],
    ["a row of hexadecimal digits within a text", `x ${id}`],
    ["a text about scripts", "about javascript:"],
  ])("but there is for %s", async (_what, value) => expect(await place(value)).toMatch(/^a>/));

  it("once the instance was seen to read a key otherwise than it orders", async () => {
    const cursor = cursorOf("ORDERBYa");
    cursor.unfit = true;
    expect(await place("1", cursor)).toBeUndefined();
  });

  it("and the column that is missing is named", async () => {
    await expect(place(undefined)).rejects.toMatchObject({
      kind: "usage",
      message: expect.stringContaining('do not show the column "a"') as string,
    });
  });
});

describe("whether a column holds references", () => {
  const linked = { link: "https://x/1", value: "abc" };
  it("is asked for once a row has a value there, and never of sys_id", () => {
    const cursor = cursorOf("ORDERBYa^ORDERBYb");
    expect(cursor.asksLinks({ sys_id: "1", a: "", b: "" })).toBe(false);
    expect(cursor.asksLinks({ sys_id: "1", a: "", b: "x" })).toBe(true);
    expect(cursor.learnLinks({ sys_id: "1", a: "", b: "x" })).toBe(false);
    expect(cursor.asksLinks({ sys_id: "1", a: "", b: "x" })).toBe(false);
    expect(cursor.asksLinks({ sys_id: "1", a: "y", b: "x" })).toBe(true);
    expect(cursorOf("").asksLinks({ sys_id: "1" })).toBe(false);
  });
  it("is learned from any column of the order, and holds for rows that come without links", async () => {
    const cursor = cursorOf("ORDERBYb^ORDERBYa");
    cursor.begin({ sys_id: "1", a: "", b: "" });
    expect(cursor.learnLinks({ sys_id: "1", b: "x", a: linked })).toBe(true);
    expect(await behind(cursor, { sys_id: "1", b: "x", a: "abc" })).toBeUndefined();
    expect(cursorOf("ORDERBYa").learnLinks({ sys_id: linked, a: "x" })).toBe(false);
  });
});

it("two rows stand at one place when they agree in every column of the order", () => {
  const cursor = cursorOf("ORDERBYa^ORDERBYb");
  const one = { sys_id: "1", a: "x", b: { value: "y", display_value: "Y" } };
  expect(cursor.same(one, { ...one, b: "y", other: "z" })).toBe(true);
  for (const other of [{ a: "z" }, { b: "z" }, { sys_id: "2" }])
    expect(cursor.same(one, { ...one, ...other })).toBe(false);
});
