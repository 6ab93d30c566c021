import {
  aggregate,
  attachments,
  countRows,
  exportTable,
  matching,
  parseQuery,
  readChanges,
  where,
  type ServiceNow,
} from "../../../common";
import { stubClient, stubTransport } from "../stub";

const setup = (): { client: ServiceNow; asked: string[] } => {
  const asked: string[] = [];
  const transport = stubTransport((request) => {
    asked.push(new URL(request.url).searchParams.get("sysparm_query") ?? "");
    return { json: { result: request.url.includes("/stats/") ? { stats: { count: "0" } } : [] } };
  });
  return { client: stubClient(transport).client, asked };
};

describe("what is no query", () => {
  const wrong: Array<[string, unknown]> = [
    ["a mapping that matching() has not seen", { active: true }],
    ["a column without its comparison", where("number")],
    ["null", null],
    ["a number", 1],
    ["a list", ["active=true"]],
  ];
  const calls: Array<[string, (client: ServiceNow, query: never) => Promise<unknown>]> = [
    ["page", (client, query) => client.table("incident").page({ query })],
    ["list", (client, query) => client.table("incident").list({ query })],
    ["first", (client, query) => client.table("incident").first({ query })],
    ["countRows", (client, query) => countRows(client, "incident", query)],
    ["aggregate", (client, query) => aggregate(client, "incident", { query })],
    ["attachments", (client, query) => attachments(client).list({ query })],
    ["exportTable", async (client, query) => exportTable(client, "incident", { query }).next()],
    ["readChanges", (client, query) => readChanges(client, "incident", { query })],
  ];
  it.each(calls)("is refused by %s before anything is asked", async (_name, ask) => {
    for (const [, query] of wrong) {
      const { client, asked } = setup();
      await expect(ask(client, query as never)).rejects.toMatchObject({ kind: "usage", fields: ["query"] });
      expect(asked).toEqual([]);
    }
  });
});

it("a text, a finished condition and a query taken apart mean the same", async () => {
  const { client, asked } = setup();
  for (const query of ["active=true", matching({ active: true }), parseQuery("active=true")])
    await client.table("incident").page({ query });
  expect(asked).toEqual(["active=true", "active=true", "active=true"]);
});
