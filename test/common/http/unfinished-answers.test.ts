import { countRows, upsert } from "../../../common";
import { failureOf } from "../apis/support";
import { failure, stubClient, stubTransport } from "../stub";

const CANCELLED = {
  error: { message: "Transaction cancelled: maximum execution time exceeded", detail: "" },
  status: "failure",
};

describe("B3: a result beside an error is not believed", () => {
  it.each([
    ["an empty list", { result: [], ...CANCELLED }],
    ["a list that has begun", { result: [{ sys_id: "1", number: "INC1" }], ...CANCELLED }],
    ["no text in the error", { result: [], error: {}, status: "failure" }],
    ["the status alone", { result: [], status: "failure" }],
    ["an error that is a text", { result: [], error: "cut" }],
  ])("%s", async (_name, json) => {
    const { client } = stubClient(
      stubTransport(() => ({ json })),
      { retry: false },
    );
    for (const asked of [
      client.table("incident").list({ pageSize: 5 }),
      client.table("incident").first({ query: "active=true" }),
      client.request({ path: "/api/now/table/incident" }),
      countRows(client, "incident"),
    ])
      expect(await failureOf(asked)).toMatchObject({ kind: "cancelled" });
  });

  it("no write follows: an upsert whose look-up was cancelled creates nothing", async () => {
    const transport = stubTransport(() => ({ json: { result: [], ...CANCELLED } }));
    const { client } = stubClient(transport, { retry: false });
    const error = await failureOf(upsert(client, "incident", ["correlation_id"], { correlation_id: "x" }));
    expect(error).toMatchObject({ kind: "cancelled" });
    expect(transport.requests.map(({ method }) => method)).toEqual(["GET"]);
  });
});

describe("B10: an answer of another shape is an error of the family", () => {
  it.each([
    ["null for a list", { result: null }],
    ["an empty object", {}],
    ["null as a record", { result: [null] }],
    ["a text as a record", { result: ["x"] }],
    ["a record for a list", { result: { sys_id: "1" } }],
    ["a list without its object", [null]],
    ["a bare text", "x"],
    ["null", null],
  ])("%s", async (_name, json) => {
    const { client } = stubClient(stubTransport(() => ({ json })));
    expect(await failureOf(client.table("incident").list())).toMatchObject({ kind: "not-servicenow" });
  });

  it.each([[{ result: null }], [{ result: [] }], [{ result: "x" }]])("a record that is %j", async (json) => {
    const { client } = stubClient(stubTransport(() => ({ json })));
    expect(await failureOf(client.table("incident").get("1"))).toMatchObject({ kind: "not-servicenow" });
  });
});

describe("B12: what an address answers in place of the instance", () => {
  it.each([
    [
      "https://acme.service-now.com/api/now/table/incident?sysparm_limit=1",
      /Use https:\/\/acme\.service-now\.com/,
    ],
    ["https://dev1.example.com/api/now/table/incident", /Use https:\/\/dev1\.example\.com/],
    ["https://sso.example.com/login", /login page/],
    ["/login.do", /login page/],
  ])("a redirect to %s", async (location, words) => {
    const { client } = stubClient(stubTransport(() => ({ status: 301, headers: { location } })));
    expect((await failureOf(client.table("incident").page({ limit: 1 }))).message).toMatch(words);
  });

  it.each([
    [
      "https://acme.service-now.com/oauth_token.do",
      /Use https:\/\/acme\.service-now\.com as the instance name/,
    ],
    ["https://dev1.example.com/oauth_token.do?x=1", /Use https:\/\/dev1\.example\.com as the instance name/],
    ["https://sso.example.com/login", /login page/],
  ])("a redirect of the token endpoint to %s", async (location, words) => {
    const auth = {
      type: "oauth",
      grant: "password",
      clientId: "c",
      clientSecret: "s",
      username: "u",
      password: "p",
    } as const;
    const { client } = stubClient(
      stubTransport(() => ({ status: 301, headers: { location } })),
      { auth },
    );
    expect((await failureOf(client.table("incident").page({ limit: 1 }))).message).toMatch(words);
  });
});

describe("a refused sign-in", () => {
  const refusing = () => stubTransport(() => ({ status: 401, json: failure("User is not authenticated") }));

  it.each([
    [
      { type: "token", token: "t" } as const,
      /Connect the account again, so that it gets a new token/,
      /snc_basic/,
    ],
    [
      { type: "basic", username: "u", password: "p" } as const,
      /Check user name and password.*snc_basic_auth_api_access/,
      /Connect the account again/,
    ],
    [{ type: "apiKey", key: "k" } as const, /Connect the account again/, /snc_basic/],
  ])("is advised on by its kind (%o)", async (auth, said, unsaid) => {
    const { client } = stubClient(refusing(), { auth });
    const { message } = await failureOf(client.table("incident").page({ limit: 1 }));
    expect(message).toMatch(said);
    expect(message).not.toMatch(unsaid);
  });
});
