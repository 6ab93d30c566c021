import { readChanges, type RecordChanges } from "../../../common";
import { failureOf, useInstance } from "../apis/support";
import { present } from "../../helpers/present";

const { as } = useInstance();
/** Sorted: records of one second come by sys_id. */
const titles = ({ changes }: RecordChanges): unknown[] =>
  changes.map(({ row }) => row["short_description"]).sort();
const fields = ["short_description", "priority"];

describe("WM-27: following a table from a program of one's own", () => {
  it("gives nothing of the past at first, then each new version once, oldest first, with the state handed back", async () => {
    const client = as();
    const query = "short_descriptionSTARTSWITHfollowed";
    const first = await readChanges(client, "incident", { query, fields });
    expect(first.changes).toEqual([]);
    const table = client.table("incident");
    const made = await table.create({ short_description: "followed one" });
    await table.create({ short_description: "not this one" });
    await table.create({ short_description: "followed two" });
    const second = await readChanges(client, "incident", { query, fields, state: first.state });
    expect(titles(second)).toEqual(["followed one", "followed two"]);
    expect(second.changes[0]).toMatchObject({ created: true, time: expect.any(Date) as Date });
    await table.update(made, { short_description: "followed one, changed" });
    const kept = JSON.parse(JSON.stringify(second.state)) as unknown;
    const third = await readChanges(client, "incident", { query, fields, state: kept });
    expect(titles(third)).toEqual(["followed one, changed"]);
    expect(titles(await readChanges(client, "incident", { query, fields, state: third.state }))).toEqual([]);
    // Whoever keeps the state only after the work repeats, and loses nothing.
    expect(titles(await readChanges(client, "incident", { query, fields, state: kept }))).toEqual(
      titles(third),
    );
  });

  it("takes filters with ^NQ and ^OR, new records only, and both values of each column", async () => {
    const client = as();
    const query = "short_description=left^ORshort_description=middle^NQshort_description=right";
    const options = { query, fields, column: "sys_created_on", displayValue: "all" } as const;
    const { state } = await readChanges(client, "incident", options);
    const rows = [];
    for (const short_description of ["left", "middle", "right", "elsewhere"])
      rows.push(await client.table("incident").create({ short_description, urgency: 1, impact: 1 }));
    const found = await readChanges(client, "incident", { ...options, state });
    const cells = found.changes.map(({ row }) => row["short_description"] as { value: string });
    expect(cells.map(({ value }) => value).sort()).toEqual(["left", "middle", "right"]);
    expect(found.changes[0]?.row["priority"]).toEqual({ value: "1", display_value: "1 - Critical" });
    await client.table("incident").update(present(rows[0]), { urgency: 2 });
    expect((await readChanges(client, "incident", { ...options, state: found.state })).changes).toEqual([]);
  });

  it("gives the newest at the first time when asked, and in parts when there are more than wanted", async () => {
    const client = as();
    const start = await readChanges(client, "incident", { first: 3, fields });
    expect(start.changes).toHaveLength(3);
    for (let i = 0; i < 30; i++) await client.table("incident").create({ short_description: `part ${i}` });
    const seen: unknown[] = [];
    let { state } = start;
    for (let round = 0; round < 10; round++) {
      const part = await readChanges(client, "incident", { fields, state, max: 10 });
      state = part.state;
      seen.push(...titles(part));
      if (part.changes.length === 0) break;
    }
    expect(seen.sort()).toEqual(Array.from({ length: 30 }, (_, i) => `part ${i}`).sort());
  });

  it.each([['{"v":1}'], [{}], [[]], [7], [{ version: 1, token: {} }]])(
    "refuses %j as a state instead of beginning again without a word",
    async (state) => {
      expect(await failureOf(readChanges(as(), "incident", { state }))).toMatchObject({
        kind: "usage",
        fields: ["state"],
      });
    },
  );

  it("refuses what cannot be followed", async () => {
    const client = as();
    expect(
      await failureOf(readChanges(client, "incident", { query: "active=true^ORDERBYnumber" })),
    ).toMatchObject({
      kind: "usage",
    });
    expect((await failureOf(readChanges(client, "incident", { query: "no_such_column=1" }))).message).toMatch(
      /no_such_column/,
    );
    expect(await failureOf(readChanges(client, "no_such_table"))).toMatchObject({ kind: "invalid-table" });
  });
});
