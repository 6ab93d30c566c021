import { readFileSync } from "node:fs";
import { join } from "node:path";
import { send as sendTo, type Answer } from "../host/raw";
import { signedInPage } from "../host/callers";
import { startHost, type TestHost } from "../host/host";
import { present } from "../helpers/present";

let host: TestHost;
beforeAll(async () => {
  host = await startHost();
});
afterAll(() => host?.stop());

const send = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Answer> => sendTo(host.url, method, path, headers, body);

const echo = { id: "conformance-misbehave", configured_props: { way: "fine" } };

test("nothing is answered without a session or a token", async () => {
  for (const [method, path] of [
    ["GET", "/v1/connect/local/accounts"],
    ["GET", "/v1/connect/components"],
    ["POST", "/v1/connect/local/actions/run"],
    ["GET", "/api/triggers"],
    ["GET", "/api/stream"],
    ["POST", "/api/connect-attempts"],
    ["GET", "/v1/connect/file_stash/download?s3_key=x"],
  ] as const) {
    expect((await send(method, path)).status).toBe(401);
    expect((await send(method, path, { authorization: "Bearer hst_wrong" })).status).toBe(401);
    expect((await send(method, path, { cookie: "host_session=a.9999999999999.b" })).status).toBe(401);
  }
});

test("changes of the page need the token of its session", async () => {
  const { cookie, csrf } = await signedInPage(host);
  expect((await send("GET", "/v1/connect/local/components", { cookie })).status).toBe(200);
  const run = (more: Record<string, string>): Promise<Answer> =>
    send("POST", "/v1/connect/local/actions/run", { cookie, ...more }, echo);
  expect((await run({})).status).toBe(403);
  expect((await run({ "x-csrf-token": "guess" })).status).toBe(403);
  expect((await run({ "x-csrf-token": csrf })).status).toBe(200);
  expect((await run({ "x-csrf-token": csrf, origin: "http://evil.example" })).status).toBe(403);
  expect((await run({ "x-csrf-token": csrf, "sec-fetch-site": "same-site" })).status).toBe(403);
  expect((await send("GET", "/api/triggers", { cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await send("GET", "/api/session", { "sec-fetch-site": "cross-site" })).status).toBe(403);
});

test("a name that was pointed at this machine from outside gets no session and no answer", async () => {
  const answer = await send("GET", "/", { host: "rebound.example:3000" });
  expect(answer.status).toBe(421);
  expect(answer.headers["set-cookie"]).toBeUndefined();
});

test("the page comes with a strict policy", async () => {
  const page = await send("GET", "/", { accept: "text/html" });
  expect(page.headers["content-security-policy"]).toContain(
    "default-src 'none'; script-src 'self'; style-src 'self'",
  );
  expect(page.headers["x-frame-options"]).toBe("DENY");
  expect((await send("GET", "/../credentials.json", { accept: "text/html" })).body).not.toContain(
    "client_secret",
  );
  expect((await send("GET", "/%2e%2e%2f%2e%2e%2fpackage.json")).status).toBe(404);
});

test("a server gets a token for its client id and secret, and a connect token is for one user only", async () => {
  const file = JSON.parse(readFileSync(join(host.dataDir, "credentials.json"), "utf8")) as Record<
    string,
    string
  >;
  const grant = {
    grant_type: "client_credentials",
    client_id: file.client_id,
    client_secret: file.client_secret,
  };
  expect((await send("POST", "/v1/oauth/token", {}, { ...grant, client_secret: "wrong" })).status).toBe(401);
  const { access_token } = JSON.parse((await send("POST", "/v1/oauth/token", {}, grant)).body) as {
    access_token: string;
  };
  const authorization = `Bearer ${access_token}`;
  expect((await send("GET", "/v1/connect/local/accounts", { authorization })).status).toBe(200);
  expect(
    (await send("GET", "/v1/connect/local/accounts", { authorization: `${authorization}x` })).status,
  ).toBe(401);

  const made = await send(
    "POST",
    "/v1/connect/local/tokens",
    { authorization },
    { external_user_id: "bob", allowed_origins: ["https://app.example"] },
  );
  const { token } = JSON.parse(made.body) as { token: string };
  expect(
    JSON.parse((await send("GET", `/v1/connect/tokens/${token}/validate?app_id=conformance`)).body),
  ).toMatchObject({
    success: true,
    app: { name_slug: "conformance" },
  });
  const bob = { authorization: `Bearer ${token}`, origin: "https://app.example" };
  const own = await send("GET", "/v1/connect/accounts?external_user_id=bob", bob);
  expect(own.status).toBe(200);
  expect(own.headers["access-control-allow-origin"]).toBe("https://app.example");
  expect((await send("GET", "/v1/connect/accounts?external_user_id=local", bob)).status).toBe(403);
  expect(
    (await send("GET", "/v1/connect/accounts", { ...bob, origin: "https://other.example" })).status,
  ).toBe(403);
  expect((await send("POST", "/v1/connect/tokens", bob, { external_user_id: "local" })).status).toBe(403);
});

it("lets a site show the connect page in a frame when its token says so, and no other page ever", async () => {
  const authorization = `Bearer ${host.token}`;
  const tokenFor = async (allowed_origins?: string[]): Promise<string> => {
    const made = await send(
      "POST",
      "/v1/connect/local/tokens",
      { authorization },
      { external_user_id: "bob", allowed_origins },
    );
    return (JSON.parse(made.body) as { token: string }).token;
  };
  const framing = async (path: string): Promise<[string, unknown]> => {
    const { headers } = await send("GET", path, { accept: "text/html" });
    const policy = String(headers["content-security-policy"]);
    return [present(present(/frame-ancestors ([^;]*)/.exec(policy))[1]), headers["x-frame-options"]];
  };
  const page = "/_static/connect.html?app=conformance&token=";
  const sites = ["https://app.example", "http://localhost:5000"];
  expect(await tokenFor([...sites, "https://x.example; script-src *"])).toBeUndefined();
  expect(await framing(page + (await tokenFor(sites)))).toEqual([
    "https://app.example http://localhost:5000",
    undefined,
  ]);
  expect(await framing(page + (await tokenFor()))).toEqual(["*", undefined]);
  expect(await framing(`${page}ctok_over`)).toEqual(["'none'", undefined]);
  expect(await framing("/")).toEqual(["'none'", "DENY"]);
});

test("what is sent wrongly is answered in words, never with a 5xx", async () => {
  const authorization = `Bearer ${host.token}`;
  for (const [method, path, body, words] of [
    ["POST", "/v1/connect/local/actions/run", { configured_props: 5 }, /id: .*configured_props/],
    [
      "POST",
      "/v1/connect/local/triggers/deploy",
      { id: "conformance-counter", webhook_url: "no address" },
      /webhook_url/,
    ],
    ["POST", "/v1/connect/local/accounts", { app_slug: "conformance", cfmap_json: "{" }, /not valid JSON/],
    ["GET", "/v1/connect/local/components/none-such", undefined, /There is no component "none-such"/],
    ["GET", "/v1/connect/local/deployed-triggers/dc_none", undefined, /There is no trigger/],
    ["PUT", "/v1/connect/local/nothing", {}, /There is no PUT/],
  ] as const) {
    const answer = await send(method, path, { authorization }, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect((JSON.parse(answer.body) as { error: string }).error).toMatch(words);
  }
});
