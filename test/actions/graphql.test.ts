import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import runGraphqlQuery from "../../actions/run-graphql-query/run-graphql-query";
import { runAction } from "../helpers/components";

/** The GraphQL API in the shapes that ServiceNow documents: data, or errors under status 200. */
let server: Server;
let url: string;
const asked: { path: string | undefined; authorization: string | undefined; body: unknown }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => (text += part.toString()));
    request.on("end", () => {
      const body = JSON.parse(text) as { query: string };
      asked.push({ path: request.url, authorization: request.headers.authorization, body });
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify(
          body.query.includes("nonsense")
            ? { data: null, errors: [{ message: "Field 'nonsense' in type 'Query' is undefined" }] }
            : { data: { GlideRecord_Query: { incident: { _rowCount: 2 } } }, errors: [] },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const run = (values: Record<string, unknown>) =>
  runAction(runGraphqlQuery, { instance_name: url, oauth_access_token: "t" }, values);

describe("Run GraphQL Query", () => {
  it("sends query and variables to the instance and returns the data", async () => {
    const query = "{ GlideRecord_Query { incident { _rowCount } } }";
    const { result, summary } = await run({ query, variables: '{"id": "1"}' });
    expect(result).toEqual({ GlideRecord_Query: { incident: { _rowCount: 2 } } });
    expect(summary).toBe("Ran the GraphQL query");
    expect(asked.at(-1)).toEqual({
      path: "/api/now/graphql",
      authorization: "Bearer t",
      body: { query, variables: { id: "1" } },
    });
  });

  it("fails with GraphQL's own message, although the status is 200", async () => {
    await expect(run({ query: "{ nonsense }" })).rejects.toThrow(/Field 'nonsense'.*rights/s);
  });
});
