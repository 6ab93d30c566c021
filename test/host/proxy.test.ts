import type { PipedreamClient } from "@pipedream/sdk";
import { startHost, type TestHost } from "./host";
import { sdkClient } from "./sdk-client";
import { signIn } from "./sign-in-window";
import { startTokenServer, type TokenServer } from "./token-server";

/** The proxy route, driven by the official client: it holds no token, the host's account does. */
let host: TestHost;
let server: TokenServer;
let client: PipedreamClient;
let accountId: string;
const externalUserId = "local";

beforeAll(async () => {
  [host, server] = await Promise.all([startHost(), startTokenServer()]);
  client = sdkClient(host);
  const { body } = await host.call<{ id: string; authorize_url: string }>("POST", "/api/connect-attempts", {
    app: "conformance_oauth",
    fields: { server: server.url, client_secret: "the-secret" },
  });
  await signIn(server, body.authorize_url);
  accountId = (await host.call<{ account: { id: string } }>("GET", `/api/connect-attempts/${body.id}`)).body
    .account.id;
});
afterAll(() => Promise.all([host?.stop(), server?.stop()]));

interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

test("sends method, query, chosen headers and body with the account's token, to the account's server", async () => {
  const got = (await client.proxy.get({
    externalUserId,
    accountId,
    url: `${server.url}/echo`,
    params: { sysparm_limit: "1" },
    headers: { "X-Custom": "yes" },
  })) as Echo;
  expect(got).toMatchObject({ method: "GET", url: "/echo?sysparm_limit=1", headers: { "x-custom": "yes" } });
  expect(Object.keys(got.headers).filter((name) => name.startsWith("x-pd"))).toEqual([]);
  const posted = (await client.proxy.post({
    externalUserId,
    accountId,
    url: "/echo",
    body: { short_description: "Ünïcode" },
  })) as Echo;
  expect(posted.method).toBe("POST");
  expect(JSON.parse(posted.body)).toEqual({ short_description: "Ünïcode" });
});

test("hands through what is no JSON", async () => {
  const path = `/v1/connect/local/proxy/${Buffer.from("/echo").toString("base64")}?external_user_id=local&account_id=${accountId}`;
  const answer = await fetch(host.url + path, {
    headers: { authorization: `Bearer ${host.token}`, "x-pd-proxy-accept": "text/csv" },
  });
  expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
    200,
    "text/csv",
    "a,b\n1,2\n",
  ]);
});

test("renews a token that the server refuses, once, and repeats the request", async () => {
  const grants = server.grants.length;
  server.forgetTokens();
  const got = (await client.proxy.get({ externalUserId, accountId, url: "/echo" })) as Echo;
  expect(got.method).toBe("GET");
  expect(server.grants.slice(grants).map(({ grant_type }) => grant_type)).toEqual(["refresh_token"]);
});

describe("refuses, and says why", () => {
  const ask = async (url: string, account = accountId, bearer = host.token, user = "local") => {
    const answer = await fetch(
      `${host.url}/v1/connect/local/proxy/${encodeURIComponent(Buffer.from(url).toString("base64"))}?external_user_id=${user}&account_id=${account}`,
      { headers: { authorization: `Bearer ${bearer}` } },
    );
    return [answer.status, ((await answer.json()) as { error: string }).error];
  };

  test("another server, so that no token leaves for it", async () => {
    expect(await ask("https://evil.example/echo")).toEqual([
      403,
      expect.stringContaining("https://evil.example does not get them"),
    ]);
    expect(await ask("//evil.example/echo")).toEqual([403, expect.stringContaining("does not get them")]);
  });

  test("an account that is connected by keys, one that is not there, and another user's", async () => {
    const { body } = await host.call<{ id: string }>("POST", "/v1/connect/local/accounts", {
      app_slug: "conformance",
      cfmap_json: { api_key: "sekret-12345" },
    });
    expect(await ask("/echo", body.id)).toEqual([400, expect.stringContaining("connected by keys")]);
    expect((await ask("/echo", "apn_none"))[0]).toBe(404);
    expect((await ask("/echo", accountId, host.token, "somebody"))[0]).toBe(404);
  });

  test("a browser with a connect token", async () => {
    const { body } = await host.call<{ token: string }>("POST", "/v1/connect/local/tokens", {
      external_user_id: "local",
    });
    expect(await ask("/echo", accountId, body.token)).toEqual([
      403,
      expect.stringContaining("A connect token may not do this"),
    ]);
  });
});
