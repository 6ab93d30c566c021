import { duringTests } from "../helpers/instance";
import { startHost } from "./host";
import { signIn } from "./sign-in-window";
import { startTokenServer } from "./token-server";
import { present } from "../helpers/present";

const P = "/v1/connect/local";
interface Account {
  id: string;
  name: string;
  fields: Record<string, string>;
  healthy: boolean;
  error: string | null;
  credentials: Record<string, string>;
}
interface Attempt {
  id: string;
  authorize_url: string;
  status: string;
  notice?: string;
  error?: string;
  account?: Account;
}

const host = duringTests(startHost);
const server = duringTests(startTokenServer);
beforeEach(() => {
  server.person = "Ann Example";
  server.answer = undefined;
});

const storeKeys = (cfmap_json: Record<string, string>, more: object = {}) =>
  host.call<Account & { error?: string }>("POST", `${P}/accounts`, {
    app_slug: "conformance",
    cfmap_json,
    ...more,
  });
const account = async (id: string): Promise<Account> =>
  (await host.call<Account>("GET", `${P}/accounts/${id}?include_credentials=true`)).body;
const start = (more: object = {}) =>
  host.call<Attempt>("POST", "/api/connect-attempts", {
    app: "conformance_oauth",
    fields: { server: server.url, client_secret: "the-secret" },
    ...more,
  });
const connect = async (more?: object): Promise<Attempt & { page: string }> => {
  const { body } = await start(more);
  const page = await (await signIn(server, body.authorize_url)).text();
  return { ...(await host.call<Attempt>("GET", `/api/connect-attempts/${body.id}`)).body, page };
};
const check = async (id: string): Promise<{ healthy: boolean; error?: string }> =>
  (await host.call<{ healthy: boolean; error?: string }>("POST", `/api/accounts/${id}/check`)).body;

test("an account keeps its tokens when another app's connection names it", async () => {
  const oauth = present((await connect()).account);
  const refused = await storeKeys({ api_key: "k-123456" }, { account_id: oauth.id });
  expect(refused.status).toBe(422);
  expect(refused.body.error).toContain("is one of conformance_oauth, and cannot become one of conformance");
  expect((await account(oauth.id)).credentials.oauth_access_token).toMatch(/access-token/);

  const keys = (await storeKeys({ api_key: "k-123456" })).body;
  expect((await start({ account_id: keys.id })).status).toBe(422);
  expect((await account(keys.id)).credentials).toEqual({ api_key: "k-123456" });
});

test("of an account with keys only the names are shown, whatever they are called; one that changes asks for the others again, and a blank one goes", async () => {
  const { body } = await storeKeys(
    { connection_string: "Server=x;Pwd=hush-hush", user: "ann" },
    { name: "My database" },
  );
  expect(body.fields).toEqual({ connection_string: "********", user: "********" });
  const listed = JSON.stringify((await host.call("GET", `${P}/accounts`)).body);
  expect(listed).not.toContain("hush-hush");
  const alone = await storeKeys({ user: "bob" }, { account_id: body.id });
  expect({ status: alone.status, field: (alone.body as { field?: string }).field }).toEqual({
    status: 422,
    field: "connection_string",
  });
  const changed = (
    await storeKeys({ user: "bob", connection_string: "Server=x;Pwd=hush-hush" }, { account_id: body.id })
  ).body;
  expect(changed.name).toBe("My database");
  expect((await account(body.id)).credentials).toEqual({
    connection_string: "Server=x;Pwd=hush-hush",
    user: "bob",
  });
  await storeKeys({ user: "" }, { account_id: body.id });
  expect(Object.keys((await account(body.id)).credentials)).toEqual(["connection_string"]);
});

test("a check renews a token that was revoked before its time", async () => {
  const { id } = present((await connect()).account);
  server.forgetTokens();
  expect(await check(id)).toMatchObject({ healthy: true, name: "Ann Example" });
});

test("the words about a dead account stay as they are, however often it is checked", async () => {
  const { id } = present((await connect()).account);
  server.forgetTokens();
  server.answer = () => ({ status: 400, body: JSON.stringify({ error: "invalid_grant" }) });
  expect((await check(id)).healthy).toBe(false);
  const words = (await host.call<Account>("GET", `${P}/accounts/${id}`)).body.error;
  expect(words).toMatch(/^While at "refresh"/);
  await check(id);
  await check(id);
  expect((await host.call<Account>("GET", `${P}/accounts/${id}`)).body.error).toBe(words);
});

test("connecting again keeps a given name, and says so when somebody else signed in", async () => {
  const own = present((await connect({ name: "Ours" })).account);
  const same = await connect({ account_id: own.id });
  expect({ name: same.account?.name, notice: same.notice }).toEqual({ name: "Ours", notice: undefined });
  expect(same.page).toContain("\nwindow.close();</script>");
  server.person = "Bob Example";
  const other = await connect({ account_id: own.id });
  expect(other).toMatchObject({ status: "succeeded", account: { name: "Ours" } });
  expect(other.notice).toContain("the user was Ann Example and is Bob Example");
  expect(other.page).toContain("is Bob Example");
});

test("a connect token's sites must be origins, and its addresses of the web", async () => {
  const token = (more: object) =>
    host.call<{ token: string; error: string }>("POST", `${P}/tokens`, { external_user_id: "u", ...more });
  for (const [more, words] of [
    [{ allowed_origins: ["app.example.com"] }, /not the origin of a site/],
    [{ allowed_origins: ["https://app.example.com/path"] }, /not the origin of a site/],
    [{ success_redirect_uri: "javascript:alert(1)" }, /begins with https/],
    [{ webhook_uri: "file:///etc/passwd" }, /begins with https/],
    [{ external_user_id: "a\0b" }, /NUL/],
  ] as const) {
    const { status, body } = await token(more);
    expect({ status, error: body.error }).toEqual({ status: 400, error: expect.stringMatching(words) });
  }
  const { body } = await token({ allowed_origins: ["https://app.example.com/"], expires_in: 60.0005 });
  const page = await fetch(`${host.url}/_static/connect.html?token=${body.token}`);
  expect(page.headers.get("content-security-policy")).toContain("frame-ancestors https://app.example.com");
  for (const path of [
    "/%00",
    "/%",
    "/%c0%80",
    "/api/triggers/a%00b",
    "/http/%00",
    "/http/key/%ff",
    "/page/%zz",
  ])
    expect({ path, status: (await fetch(`${host.url}${path}`)).status }).toEqual({ path, status: 400 });
});
