import fc from "fast-check";
import type { ReadPage } from "../../../common/table/read-page";
import { fakeTable, readAll, row, type FakeRow } from "./paged";

/** Rows that are deleted or move while a list is read, those among them that a page stands on. */

const stays = (rows: FakeRow[]) => rows.filter(({ b }) => b === "stays").map(({ sys_id }) => sys_id);

/** Reads all; before each read but the first, `change` may do something to the rows, given the last row of the page before. */
async function readWhile(
  rows: FakeRow[],
  options: { query: string; pageSize: number },
  change: (last: FakeRow | undefined, reads: number) => void,
) {
  const { read } = fakeTable(rows);
  let last: FakeRow | undefined;
  let reads = 0;
  const changing: ReadPage = async (ask) => {
    if (reads++ > 0) change(last, reads);
    const page = await read(ask);
    const shown = page.rows.at(-1)?.["sys_id"];
    last = rows.find(({ sys_id }) => sys_id === shown) ?? last;
    return page;
  };
  const { rows: got, facts } = await readAll(changing, options);
  return { got: got.map((each) => String(each["sys_id"])), facts };
}

const orders = ["", "ORDERBYa", "ORDERBYDESCa", "ORDERBYDESCsys_id"];

it("rows that stay are given once each, while others are deleted that a page ended with", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ a: fc.constantFrom("", "1", "2", "3"), stays: fc.boolean() }), { maxLength: 25 }),
      fc.constantFrom(...orders),
      fc.integer({ min: 1, max: 6 }),
      async (cells, query, pageSize) => {
        const rows = cells.map((cell, n) => row(n, { a: cell.a, b: cell.stays ? "stays" : "goes" }));
        const wanted = stays(rows);
        const { got, facts } = await readWhile(rows, { query, pageSize }, (last) => {
          if (last?.b === "goes" && rows.includes(last)) rows.splice(rows.indexOf(last), 1);
        });
        const seen = got.filter((id) => wanted.includes(id));
        expect([...seen].sort()).toEqual([...wanted].sort());
        expect(new Set(got).size).toBe(got.length);
        expect(facts.complete).toBe(true);
      },
    ),
    { numRuns: 400 },
  );
});

it("and while rows in front and behind go as well", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ a: fc.constantFrom("", "1", "2"), stays: fc.boolean() }), { maxLength: 25 }),
      fc.constantFrom("", "ORDERBYDESCsys_id"),
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.nat(24), { maxLength: 8 }),
      async (cells, query, pageSize, going) => {
        const rows = cells.map((cell, n) => row(n, { a: cell.a, b: cell.stays ? "stays" : "goes" }));
        const wanted = stays(rows);
        const { got } = await readWhile(rows, { query, pageSize }, (_last, reads) => {
          const at = going[reads - 2];
          const goes = at === undefined ? undefined : rows.filter(({ b }) => b === "goes")[at];
          if (goes) rows.splice(rows.indexOf(goes), 1);
        });
        expect(got.filter((id) => wanted.includes(id)).sort()).toEqual([...wanted].sort());
      },
    ),
    { numRuns: 300 },
  );
});

it("a row that comes in behind is given, one that comes in front is not, and neither takes another's place", async () => {
  for (const query of orders) {
    const rows = Array.from({ length: 10 }, (_, n) => row(10 + n, { a: "1", b: "stays" }));
    const wanted = stays(rows);
    let come = 0;
    const { got } = await readWhile(rows, { query, pageSize: 3 }, () => {
      if (come++ > 0) return;
      rows.unshift(row(1, { a: "1" }));
      rows.push(row(99, { a: "1" }));
    });
    const byId = query === "ORDERBYDESCsys_id" ? [...wanted].reverse() : wanted;
    const behind = query === "ORDERBYDESCsys_id" ? row(1).sys_id : row(99).sys_id;
    expect([query, got]).toEqual([query, [...byId, behind]]);
  }
});
