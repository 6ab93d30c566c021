import { aggregate, countRows, type AggregateOptions } from "../../../common";
import { stubClient, stubTransport } from "../stub";
import { failureOf, useInstance } from "./support";

const { as } = useInstance();

it("PS-58: counts without reading rows", async () => {
  const client = as();
  const { rows } = await client.table("incident").list({ query: "active=true", fields: ["sys_id"] });
  expect(await countRows(client, "incident", "active=true")).toBe(rows.length);
  expect(await countRows(client, "incident", "number=INC9999999")).toBe(0);
});

it("groups come with their labels, counts and numbers as numbers", async () => {
  const client = as();
  const groups = await aggregate(client, "incident", {
    groupBy: ["priority"],
    count: true,
    avg: ["reassignment_count"],
    sum: ["reassignment_count"],
    max: ["sys_created_on"],
  });
  const { rows } = await client
    .table("incident")
    .list({ fields: ["priority", "reassignment_count", "sys_created_on"] });
  const first = rows.filter((row) => row.priority === "1");
  const sum = first.reduce((total, row) => total + Number(row.reassignment_count), 0);
  const one = groups.find(({ group }) => group["priority"]?.value === "1");
  expect(one?.group["priority"]).toEqual({ value: "1", label: "1 - Critical" });
  expect(one?.count).toBe(first.length);
  expect(one?.sum["reassignment_count"]).toBe(sum);
  expect(one?.avg["reassignment_count"]).toBeCloseTo(sum / first.length, 3);
  expect(one?.max["sys_created_on"]).toBe(
    first
      .map((row) => row.sys_created_on)
      .sort()
      .at(-1),
  );
});

it("conditions on groups and their order are the instance's work", async () => {
  const client = as();
  const all = await aggregate(client, "incident", {
    groupBy: ["priority"],
    count: true,
    orderBy: ["COUNT^DESC"],
  });
  const counts = all.map(({ count }) => count ?? 0);
  const limit = counts[1] ?? 0;
  const large = await aggregate(client, "incident", {
    groupBy: ["priority"],
    count: true,
    having: [{ aggregate: "count", operator: ">", value: limit }],
  });
  expect(large.map(({ count }) => count).every((count) => (count ?? 0) > limit)).toBe(true);
  expect(large).toHaveLength(counts.filter((count) => count > limit).length);
});

it("an ungrouped answer is one row, and the columns are checked before a request", async () => {
  const transport = stubTransport(() => ({
    json: { result: { stats: { count: "1,067", min: { due: "" } } } },
  }));
  const { client } = stubClient(transport);
  const [row] = await aggregate(client, "incident", { count: true, min: ["due"] });
  expect(row).toMatchObject({ group: {}, count: 1067, min: { due: null } });
  expect(await failureOf(aggregate(client, "incident", { sum: ["a,b"] }))).toMatchObject({ kind: "usage" });
  expect(transport.requests).toHaveLength(1);
});

describe("columns that do not exist", () => {
  it.each<[string, AggregateOptions]>([
    ["a group", { groupBy: ["nope"] }],
    ["one group of two", { groupBy: ["priority", "nope"] }],
    ["a sum", { sum: ["nope"] }],
    ["one average of two", { avg: ["reassignment_count", "nope"] }],
    ["a maximum of groups", { groupBy: ["priority"], max: ["nope"] }],
    [
      "a condition on groups",
      { groupBy: ["priority"], having: [{ aggregate: "sum", field: "nope", operator: ">", value: 1 }] },
    ],
    ["an order", { groupBy: ["priority"], orderBy: ["nope^DESC"] }],
  ])("%s: refused, where ServiceNow would pass over it", async (_what, options) => {
    expect(await failureOf(aggregate(as(), "incident", options))).toMatchObject({
      kind: "query-rights",
      fields: ["nope"],
    });
  });

  it("a query that matches nothing is no such case", async () => {
    const query = "number=none";
    const [row] = await aggregate(as(), "incident", {
      query,
      sum: ["reassignment_count"],
      max: ["opened_at"],
    });
    expect(row).toMatchObject({ group: {}, count: null });
    expect(await aggregate(as(), "incident", { query, groupBy: ["priority"] })).toEqual([]);
    const ordered = { groupBy: ["priority"], orderBy: ["SUM^reassignment_count^DESC"] };
    expect((await aggregate(as(), "incident", ordered)).length).toBeGreaterThan(1);
  });
});
