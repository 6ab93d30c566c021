import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { duringTests } from "../helpers/instance";
import { startHost } from "./host";
import { openSignInWindow, signIn } from "./sign-in-window";
import { startTokenServer } from "./token-server";
import { present } from "../helpers/present";

interface Attempt {
  id: string;
  authorize_url: string;
  status: string;
  error?: string;
  field?: string;
  account?: { id: string; name: string };
}
interface Run {
  ret: { names: string[]; shown: string; last: string };
  error?: string;
}

const host = duringTests(startHost);
const server = duringTests(startTokenServer);
beforeEach(() => {
  server.grants.length = 0;
  server.answer = undefined;
  server.rotates = true;
  server.expiresIn = 3600;
});

const start = (
  fields: Record<string, string> = {},
  more: object = {},
): Promise<{ status: number; body: Attempt }> =>
  host.call<Attempt>("POST", "/api/connect-attempts", {
    app: "conformance_oauth",
    fields: { server: server.url, client_secret: "the-secret", ...fields },
    ...more,
  });
const outcomeOf = async (id: string): Promise<Attempt> =>
  (await host.call<Attempt>("GET", `/api/connect-attempts/${id}`)).body;
/** Goes the whole way and gives what the attempt came to, with the page the browser saw. */
const connect = async (
  fields?: Record<string, string>,
  decision?: "allow" | "deny",
): Promise<Attempt & { page: string }> => {
  const { body } = await start(fields);
  const page = await (await signIn(server, body.authorize_url, decision)).text();
  return { ...(await outcomeOf(body.id)), page };
};
const accounts = async (): Promise<{ id: string; healthy: boolean; dead: boolean; error: string | null }[]> =>
  (await host.call<{ data: [] }>("GET", "/v1/connect/local/accounts?app=conformance_oauth")).body.data;
const act = (id: string, more: object = {}): Promise<{ status: number; body: Run }> =>
  host.call<Run>("POST", "/v1/connect/local/actions/run", {
    id: "conformance_oauth-show-token",
    configured_props: { account: { authProvisionId: id }, ...more },
  });

test("an account is connected with state and PKCE, and the component gets the token, not the client's secret", async () => {
  const { body } = await start();
  const window = await openSignInWindow(server, body.authorize_url);
  const asked = window.asked.searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    response_type: "code",
    client_id: "the-client",
    redirect_uri: `${host.url}/connect/callback`,
    code_challenge_method: "S256",
    scope: "read write",
  });
  expect(present(asked.get("state")).length).toBeGreaterThan(30);
  const page = await window.goBack();
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await page.text()).toContain("Ann Example is connected");
  const { status, account } = await outcomeOf(body.id);
  expect({ status, name: account?.name }).toEqual({ status: "succeeded", name: "Ann Example" });
  const { ret } = (await act(present(account).id)).body;
  expect(ret.names).toEqual(["client_id", "oauth_access_token", "oauth_client_id", "oauth_uid", "server"]);
  expect(ret.shown).toBe("********");
  expect((await host.call("POST", `/api/accounts/${present(account).id}/check`)).body).toMatchObject({
    healthy: true,
    name: "Ann Example",
  });
});

test("what goes wrong is said in the app's words, and nothing is stored", async () => {
  const before = (await accounts()).length;
  expect(await connect({}, "deny")).toMatchObject({
    status: "failed",
    error: 'While at "authorize": access_denied. Ask your admin.',
  });
  expect(await connect({ client_secret: "another-secret" })).toMatchObject({
    status: "failed",
    error: 'While at "token": 401 invalid_client. Ask your admin.',
  });
  server.answer = () => ({ status: 200, type: "text/html", body: "<h1>Asleep</h1>" });
  const failed = await connect();
  expect(failed.error).toContain("<h1>Asleep</h1>");
  expect(failed.page).toContain("&#60;h1&#62;Asleep");
  expect(failed.page).not.toContain("<h1>Asleep");
  const spaces = await start({ server: "http://a b" });
  expect(spaces).toMatchObject({
    status: 422,
    body: { field: "server", error: expect.stringContaining("no spaces") },
  });
  expect(spaces.body.error).not.toContain("the-secret");
  expect((await start({ client_secret: "" })).body).toMatchObject({
    field: "client_secret",
    error: expect.stringContaining("missing"),
  });
  expect((await start({ server: "http://example.com" })).body.error).toMatch(/must be https/);
  expect(await accounts()).toHaveLength(before);
});

test("a state serves once, and a foreign one not at all", async () => {
  const { body } = await start();
  const window = await openSignInWindow(server, body.authorize_url);
  expect((await window.goBack()).status).toBe(200);
  const again = await window.goBack();
  expect(again.status).toBe(400);
  expect(await again.text()).toContain("used already");
  const foreign = new URL(window.back);
  foreign.searchParams.set("state", "made-up");
  expect((await fetch(foreign)).status).toBe(400);
});

test("a cancelled attempt cannot be finished", async () => {
  const { body } = await start();
  const window = await openSignInWindow(server, body.authorize_url);
  await host.call("DELETE", `/api/connect-attempts/${body.id}`);
  expect((await window.goBack()).status).toBe(400);
  expect(await outcomeOf(body.id)).toMatchObject({ status: "failed", error: "The sign-in was cancelled." });
});

test("a token is renewed before it ends, once for ten users at a time, and the refresh token stays when none comes", async () => {
  server.expiresIn = 4; // renewed after three seconds
  const { account } = await connect();
  server.rotates = false;
  server.grants.length = 0;
  server.expiresIn = 3600;
  await new Promise((done) => setTimeout(done, 3100));
  const runs = await Promise.all(Array.from({ length: 10 }, () => act(present(account).id)));
  expect(new Set(runs.map(({ body }) => body.ret.last)).size).toBe(1);
  expect(server.grants.map(({ grant_type }) => grant_type)).toEqual(["refresh_token"]);
  const first = present(server.grants[0]).refresh_token;
  // A component that was refused with 401 makes the next use renew, with the refresh token that was kept.
  await act(present(account).id, { fail: 401 });
  await act(present(account).id);
  expect(server.grants.map(({ refresh_token }) => refresh_token)).toEqual([first, first]);
});

test("a refused renewal marks the account with the app's words; reconnecting it heals it and keeps its id", async () => {
  const { account } = await connect();
  const id = present(account).id;
  await act(id, { fail: 401 });
  server.answer = () => ({ status: 503, type: "text/html", body: "down" });
  expect((await act(id)).status).toBe(400);
  expect((await accounts()).find((row) => row.id === id)).toMatchObject({ healthy: false, dead: false });
  server.answer = () => ({ status: 400, body: JSON.stringify({ error: "invalid_grant" }) });
  const refused = await act(id);
  expect(refused).toMatchObject({ status: 400, body: { error: expect.stringContaining("Ask your admin") } });
  expect((await accounts()).find((row) => row.id === id)).toMatchObject({
    healthy: false,
    dead: true,
    error: 'While at "refresh": 400 invalid_grant. Ask your admin.',
  });
  server.answer = undefined;
  // The secret may be left empty: it is known.
  const { body } = await start({ client_secret: "" }, { account_id: id });
  await signIn(server, body.authorize_url);
  expect((await outcomeOf(body.id)).account?.id).toBe(id);
  expect((await accounts()).find((row) => row.id === id)).toMatchObject({
    healthy: true,
    dead: false,
    error: null,
  });
  expect((await act(id)).status).toBe(200);
});

test("tokens and secrets are stored encrypted only, in files that only their owner may read", async () => {
  const { account } = await connect();
  await act(present(account).id);
  const kept = JSON.stringify((await host.call("GET", "/v1/connect/local/accounts")).body);
  expect(kept).not.toMatch(/access-token|refresh-token|the-secret/);
  for (const file of ["encryption.key", "credentials.json"])
    expect(statSync(join(host.dataDir, file)).mode & 0o777).toBe(0o600);
  await host.call("DELETE", `/v1/connect/local/accounts/${present(account).id}?external_user_id=local`);
  expect(server.revoked.at(-1)).toMatch(/^refresh-token/);
  const files = readdirSync(host.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const leaking = files.filter((file) =>
    /access-token-number|refresh-token-number|the-secret/.test(readFileSync(file, "latin1")),
  );
  expect(leaking).toEqual([]);
  expect(host.said()).not.toMatch(/access-token|refresh-token|the-secret/);
});
