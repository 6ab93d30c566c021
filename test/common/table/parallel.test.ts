import { createClient } from "../../../common";
import { failureOf, useInstance } from "../apis/support";
import { stubTransport, type StubAnswer } from "../stub";

const { as } = useInstance({ incidents: 300 });

it("reads the same rows side by side as one after the other, each once", async () => {
  const client = as();
  const one = await client.table("incident").list({ fields: ["sys_id"], query: "active=true" });
  for (const parallel of [2, 8, 40]) {
    const rows: string[] = [];
    const pages = client
      .table("incident")
      .pages({ fields: ["sys_id"], query: "active=true", parallel, pageSize: 7 });
    let step = await pages.next();
    for (; !step.done; step = await pages.next()) rows.push(...step.value.rows.map(({ sys_id }) => sys_id));
    expect(rows.sort()).toEqual(one.rows.map(({ sys_id }) => sys_id).sort());
    expect(step.value).toEqual({ total: one.total, complete: true, hidden: 0 });
  }
});

it("asks for no more at a time than it was told, and goes on after a 429", async () => {
  let open = 0;
  let most = 0;
  const transport = stubTransport(async (_request, count): Promise<StubAnswer> => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    open--;
    if (count === 2) return { status: 429, headers: { "retry-after": "0" }, json: {} };
    return { json: { result: [] }, headers: { "x-total-count": "0" } };
  });
  const client = createClient({ instance: "dev1", auth: { type: "none" }, transport, random: () => 0 });
  const pages = client.table("incident").pages({ parallel: 4 });
  expect(await pages.next()).toEqual({ done: true, value: { total: 0, complete: true, hidden: 0 } });
  expect(most).toBe(4);
  expect(transport.requests).toHaveLength(17);
});

it("refuses an order and a maximum, which parts cannot keep", async () => {
  for (const options of [{ orderBy: ["number"] }, { max: 5 }, { query: "ORDERBYnumber" }])
    expect(
      await failureOf(
        as()
          .table("incident")
          .pages({ parallel: 2, ...options })
          .next(),
      ),
    ).toMatchObject({ kind: "usage" });
  expect(await failureOf(as().table("incident").pages({ parallel: 0 }).next())).toMatchObject({
    kind: "usage",
  });
});
