import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { startHost, temporaryFolder, type TestHost } from "../host";

/** Apps that the operator describes by files and on the page: by keys, by client credentials, and without any account. */

interface Account {
  id: string;
  name: string;
  auth_kind: string;
  fields: Record<string, string>;
  app: { auth_type: string; categories: string[] };
}
interface Problem {
  error: string;
  field?: string;
  problems?: { path: string; reason: string }[];
}

/** A server with an API that takes keys and tokens, and tells what came. */
async function startApi() {
  let issued = 0;
  const seen: { url: string; headers: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    const reply = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      seen.push({ url: request.url ?? "", headers: request.headers });
      const form = new URLSearchParams(text);
      if (request.url === "/token")
        return form.get("client_secret") === "right"
          ? reply(200, { access_token: `token-${++issued}`, expires_in: 3600 })
          : reply(401, { error: "invalid_client", error_description: "no such client" });
      const allowed = [`Key right-key`, `Bearer token-${issued}`].includes(
        request.headers.authorization ?? "",
      );
      if (!allowed) return reply(401, { error: { message: "unknown key" } });
      return request.url?.startsWith("/me")
        ? reply(200, { user: { name: "Ann" } })
        : reply(200, { url: request.url, authorization: request.headers.authorization });
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    endTokens: () => issued++,
    stop: () => new Promise<void>((done) => server.close(() => done())),
  };
}

let api: Awaited<ReturnType<typeof startApi>>;
let host: TestHost;
const accounts = "/v1/connect/local/accounts?external_user_id=local";

beforeAll(async () => {
  api = await startApi();
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, "apps"));
  writeFileSync(
    join(dataDir, "apps", "own.yaml"),
    `
- slug: conformance_keys
  name: Keys App
  auth: keys
  categories: [Testing]
  fields:
    - { name: region, label: Region, default: eu }
    - { name: api_key, label: API Key, description: The key, secret: true }
  request_headers: { authorization: "Key {api_key}" }
  api_hosts: ["${api.host}"]
  test_request: { url: "http://${api.host}/me?region={region}", name: user.name }
- slug: conformance_client
  name: Client App
  auth: oauth
  grant: client_credentials
  token_url: http://${api.host}/token
  api_hosts: ["${api.host}"]
- { slug: conformance_none, name: Nothing Needed, auth: none }
`,
  );
  writeFileSync(join(dataDir, "apps", "wrong.yaml"), "slug: Bad Slug\nname: X\nauth: telepathy\n");
  host = await startHost({ dataDir });
});
afterAll(() => Promise.all([host?.stop(), api?.stop()]));

const connect = (app: string, fields: Record<string, string>, headers?: Record<string, string>, more = {}) =>
  host.call<Account & Problem>(
    "POST",
    headers ? accounts.split("?")[0]! : accounts,
    { app_slug: app, cfmap_json: JSON.stringify(fields), ...more },
    headers,
  );

describe("an app with keys", () => {
  test("says which fields it asks for, in the API as in the connect window", async () => {
    const { body } = await host.call<{
      data: { auth_type: string; custom_fields_json: string; categories: string[] };
    }>("GET", "/v1/connect/local/apps/conformance_keys");
    expect(body.data).toMatchObject({ auth_type: "keys", categories: ["Testing"] });
    expect((JSON.parse(body.data.custom_fields_json) as { name: string }[]).map(({ name }) => name)).toEqual([
      "region",
      "api_key",
    ]);
  });

  test("is connected with a connect token, by its test request, and its components get the fields", async () => {
    const made = await host.call<{ token: string }>("POST", "/v1/connect/local/tokens", {
      external_user_id: "ann",
    });
    const { status, body } = await connect(
      "conformance_keys",
      { api_key: " right-key " },
      { authorization: `Bearer ${made.body.token}` },
    );
    expect({ status, name: body.name, kind: body.auth_kind, fields: body.fields }).toEqual({
      status: 200,
      name: "Ann",
      kind: "keys",
      fields: { region: "eu" },
    });
    const run = await host.call<{ ret: unknown }>("POST", "/v1/connect/local/actions/run", {
      id: "conformance_keys-show-auth",
      external_user_id: "ann",
      configured_props: { account: { authProvisionId: body.id } },
    });
    expect(run.body.ret).toEqual({ names: ["api_key", "region"], region: "eu", last: "y" });
  });

  test.each([
    ["a wrong key", { api_key: "wrong" }, /Keys App refused these credentials \(HTTP 401.*unknown key/],
    ["no key", { region: "us" }, /API Key is missing/],
    ["a field that is not there", { api_key: "right-key", shape: "round" }, /no field "shape"/],
    ["a line break in a key", { api_key: "right-key\r\nx-evil: 1" }, /line break/],
  ])("refuses %s in words, and keeps nothing", async (_, fields, words) => {
    const before = await host.call<{ data: unknown[] }>("GET", "/v1/connect/local/accounts");
    const { status, body } = await connect("conformance_keys", fields);
    expect({ status, said: words.test(body.error) }).toEqual({ status: 422, said: true });
    expect(JSON.stringify(body)).not.toContain("right-key");
    const after = await host.call<{ data: unknown[] }>("GET", "/v1/connect/local/accounts");
    expect(after.body.data.length).toBe(before.body.data.length);
  });

  test("the proxy sends its keys to its own hosts and nowhere else", async () => {
    const { body } = await connect("conformance_keys", { api_key: "right-key" });
    const through = (url: string) =>
      host.call<{ url: string; authorization: string } & Problem>(
        "GET",
        `/v1/connect/local/proxy/${Buffer.from(url).toString("base64url")}?external_user_id=local&account_id=${body.id}`,
      );
    expect((await through(`http://${api.host}/things?a=1`)).body).toEqual({
      url: "/things?a=1",
      authorization: "Key right-key",
    });
    for (const url of [
      "https://evil.example.com/",
      `https://evil.example.com/${api.host}`,
      `http://${api.host}@evil.example.com/`,
      `http://127.0.0.1:1/`,
    ]) {
      const { status, body: refused } = await through(url);
      expect({ url, status }).toEqual({ url, status: 403 });
      expect(refused.error).toMatch(/does not get them/);
    }
  });
});

describe("an app with client credentials", () => {
  test("gets a token without a browser, and a new one when it was refused", async () => {
    const { status, body } = await connect("conformance_client", {
      client_id: "us",
      client_secret: "right",
    });
    expect({ status, kind: body.auth_kind, type: body.app.auth_type }).toEqual({
      status: 200,
      kind: "client_credentials",
      type: "oauth",
    });
    const through = () =>
      host.call<{ authorization: string }>(
        "GET",
        `/v1/connect/local/proxy/${Buffer.from("/things").toString("base64url")}?external_user_id=local&account_id=${body.id}`,
      );
    // A path alone would go to the host by https; this fake speaks http.
    const full = () =>
      host.call<{ authorization: string }>(
        "GET",
        `/v1/connect/local/proxy/${Buffer.from(`http://${api.host}/things`).toString("base64url")}?external_user_id=local&account_id=${body.id}`,
      );
    expect((await full()).body.authorization).toBe("Bearer token-1");
    api.endTokens();
    const again = await full();
    expect(again).toMatchObject({ status: 200, body: { authorization: "Bearer token-3" } });
    expect((await through()).status).toBe(400);
  });

  test("says what the token address said of a wrong secret", async () => {
    const { status, body } = await connect("conformance_client", { client_id: "us", client_secret: "wrong" });
    expect(status).toBe(422);
    expect(body.error).toMatch(/does not know the client.*no such client/s);
  });
});

test("an app that needs no account runs without one", async () => {
  const run = await host.call<{ ret: unknown }>("POST", "/v1/connect/local/actions/run", {
    id: "conformance_none-show-person",
    external_user_id: "local",
    configured_props: {},
  });
  expect(run.body.ret).toEqual({ auth: {} });
  const { body } = await host.call<{ data: { auth_type: null } }>(
    "GET",
    "/v1/connect/local/apps/conformance_none",
  );
  expect(body.data.auth_type).toBeNull();
  expect((await connect("conformance_none", { a: "b" })).body.error).toMatch(/needs no account/);
});

describe("a description", () => {
  const put = (yaml: string) =>
    host.call<{ slug: string } & Problem>("PUT", "/api/app-descriptions", { yaml });

  test("that is wrong in a file is named at the start, and the others hold", async () => {
    await host.call("GET", "/v1/connect/local/apps");
    expect(host.said()).toMatch(/wrong\.yaml does not describe an app: slug: takes small letters/);
  });

  test.each([
    ["no YAML", "slug: [", /no YAML/, []],
    ["two apps", "- {slug: a, name: A, auth: none}\n- {slug: b, name: B, auth: none}", /one app/i, []],
    [
      "a plain http address",
      "{slug: a, name: A, auth: oauth, authorize_url: 'http://a.example.com', token_url: 'https://a.example.com/t'}",
      /https/,
      ["authorize_url"],
    ],
    [
      "an address on this machine by a placeholder",
      "{slug: a, name: A, auth: keys, fields: [{name: h, label: H}], test_request: {url: 'http://{h}/'}}",
      /https/,
      ["test_request.url"],
    ],
    [
      "a placeholder without a field",
      "{slug: a, name: A, auth: keys, fields: [{name: k, label: K}], api_hosts: ['{region}.example.com']}",
      /names \{region\}/,
      ["api_hosts.0"],
    ],
    [
      "a field twice",
      "{slug: a, name: A, auth: keys, fields: [{name: k, label: K}, {name: k, label: K}]}",
      /twice/,
      ["fields.1.name"],
    ],
    [
      "oauth without addresses",
      "{slug: a, name: A, auth: oauth}",
      /needs it/,
      ["authorize_url", "token_url"],
    ],
    ["what nobody asks for", "{slug: a, name: A, auth: none, colour: red}", /colour/i, [""]],
    [
      "a host with a path",
      "{slug: a, name: A, auth: keys, fields: [{name: k, label: K}], api_hosts: ['a.example.com/x']}",
      /must be a host/,
      ["api_hosts.0"],
    ],
    [
      "too many aliases",
      `a: &a [1,1,1,1,1,1,1,1,1]\n${"bcdefghi"
        .split("")
        .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(",")}]`)
        .join("\n")}`,
      /alias|no YAML/i,
      [],
    ],
  ])("with %s is refused, with the place", async (_, yaml, words, paths) => {
    const { status, body } = await put(yaml);
    expect({ status, said: words.test(body.error) ? true : body.error }).toEqual({ status: 400, said: true });
    expect((body.problems ?? []).map(({ path }) => path)).toEqual(paths);
  });

  test("made on the page is there at once, and gone when it is removed", async () => {
    const made = await put(
      "{slug: paged, name: Paged, auth: keys, fields: [{name: k, label: K, secret: true}]}",
    );
    expect(made).toMatchObject({ status: 200, body: { slug: "paged" } });
    const { body } = await connect("paged", { k: "v" });
    expect(body).toMatchObject({ name: "Paged account", fields: {} });
    expect((await host.call("DELETE", "/api/app-descriptions/paged")).status).toBe(204);
    expect((await host.call("GET", "/v1/connect/local/apps/paged")).status).toBe(404);
    expect((await host.call("DELETE", "/api/app-descriptions/paged")).status).toBe(404);
  });

  test("of a file is not changed on the page", async () => {
    const { status, body } = await put("{slug: conformance_none, name: Other, auth: none}");
    expect(status).toBe(409);
    expect(body.error).toMatch(/described by a file/);
  });
});
