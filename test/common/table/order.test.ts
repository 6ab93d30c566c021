import type { ServiceNow } from "../../../common";
import { useInstance } from "../apis/support";

const { as, instance } = useInstance();

/** Every row in this order, page by page; each once, as the instance gives them in one page. */
async function expectWhole(client: ServiceNow, orderBy: string[], pageSize: number, query = "") {
  const list = await client.table("incident").list({ fields: ["sys_id"], query, orderBy, pageSize });
  const order = orderBy.map((c) => (c.startsWith("-") ? `ORDERBYDESC${c.slice(1)}` : `ORDERBY${c}`));
  const whole = await client.table("incident").page({
    fields: ["sys_id"],
    query: [query, ...order, "ORDERBYsys_id"].filter(Boolean).join("^"),
    limit: 5000,
  });
  expect(list.rows).toEqual(whole.rows);
  expect(list).toMatchObject({ complete: true, total: whole.rows.length, hidden: 0 });
}

describe("an order of its own loses and doubles nothing", () => {
  it.each([
    [["assigned_to"]],
    [["-assigned_to"]],
    [["priority", "assigned_to"]],
    [["problem_id", "-assignment_group"]],
    [["caller_id.department"]],
  ])("by references, of which a page and more are empty: %j", async (orderBy) => {
    await expectWhole(as(), orderBy, 7);
  });

  it("by values that no condition can name", async () => {
    const client = as();
    const query = "correlation_display=odd order";
    const texts = [
      "aaa",
      "c^d",
      "=starts",
      "javascript:gs.nope(1)",
      "zz  ",
      "two\nlines",
      "MIXED",
      "mixed",
      "!=y",
    ];
    for (const text of [...texts, "NULL", "javascript:gs.nope(2)", "*", "y".repeat(159)]) {
      await client.table("incident").create({ short_description: text, correlation_display: "odd order" });
    }
    for (const pageSize of [1, 2, 5]) {
      await expectWhole(client, ["short_description"], pageSize, query);
      await expectWhole(client, ["-short_description"], pageSize, query);
    }
  });

  it("by texts that are longer than an address", async () => {
    const client = as();
    for (let n = 0; n < 4; n++) {
      const description = "y".repeat(3900) + String(n);
      await client.table("incident").create({ description, correlation_display: "long order" });
    }
    await expectWhole(client, ["description"], 1, "correlation_display=long order");
  });

  it("by a date, where dates in a query are read in the user's own zone", async () => {
    await instance.control("PATCH", "config", { dateLiterals: "user" });
    try {
      for (const user of ["sydney", "newyork"]) {
        for (const orderBy of [["sys_created_on"], ["-sys_created_on"], ["opened_at"]]) {
          await expectWhole(as(user), orderBy, 20);
        }
      }
    } finally {
      await instance.control("PATCH", "config", { dateLiterals: "utc" });
    }
  });
});

it("a full page that was not counted may have a next one, the last has none", async () => {
  const incidents = as().table("incident");
  const total = (await incidents.page({ limit: 1 })).total ?? 0;
  for (const noCount of [true, false]) {
    expect(await incidents.page({ limit: 2, noCount })).toMatchObject({ hasNext: true });
    expect(await incidents.page({ limit: 2, offset: total - 1, noCount })).toMatchObject({ hasNext: false });
  }
  expect(await incidents.page({ limit: 2, suppressPaginationHeader: true })).toMatchObject({ hasNext: true });
});
