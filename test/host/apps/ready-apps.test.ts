import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { beginSignIn } from "../../../scripts/demo/sign-in";
import { startHost, temporaryFolder, type TestHost } from "../host";
import { startFakeProviders, type FakeProviders, type Provider } from "./fake-providers";

/**
 * The ready descriptions, each against answers as the app's public documentation shows them. The addresses of a description are those
 * of a server on this machine, with the app's host as first part of the path; nothing else of it is changed.
 */

const folder = join(__dirname, "../../../host/apps");
const bearer: [string, string] = ["authorization", "Bearer the-token"];
const provider = (
  person: Record<string, unknown>,
  token: Record<string, unknown> = {},
  more: Partial<Provider> = {},
): Provider => ({
  client: "body",
  credential: bearer,
  token: { access_token: "the-token", token_type: "Bearer", ...token },
  person,
  ...more,
});
const google = provider(
  { sub: "1", email: "ann@example.com" },
  { expires_in: 3599, refresh_token: "1//r", scope: "openid email", id_token: "not.checked.here" },
);
const microsoft = provider(
  { id: "7", displayName: "Ann", userPrincipalName: "ann@example.com" },
  { scope: "User.Read", expires_in: 3736, ext_expires_in: 3736, refresh_token: "M.R3" },
);
const slack = provider(
  { ok: true, url: "https://acme.slack.com/", team: "Acme", user: "bot", user_id: "U1" },
  { ok: true, token_type: "bot", scope: "chat:write,users:read", team: { id: "T1" }, enterprise: null },
);
const linear = provider(
  { data: { viewer: { id: "v1", name: "Ann" } } },
  { expires_in: 86_399, scope: ["read", "write"] },
);
const airtable = provider(
  { id: "usr1", email: "ann@example.com" },
  { expires_in: 3600, refresh_expires_in: 5_184_000, refresh_token: "r", scope: "data.records:read" },
  { client: "basic" },
);

/** By slug: the provider, what is filled in, and the person that is found. */
const apps: Record<string, { provider: Provider; fields?: Record<string, string>; person: string }> = {
  github: {
    provider: provider({ login: "ann", id: 1, name: null }, { scope: "repo,gist", token_type: "bearer" }),
    person: "ann",
  },
  gitlab: {
    provider: provider({ id: 3, username: "ann", name: "Ann" }, { expires_in: 7200, refresh_token: "r" }),
    fields: { base_api_url: "gitlab.example.com" },
    person: "Ann",
  },
  google_sheets: { provider: google, person: "ann@example.com" },
  google_drive: { provider: google, person: "ann@example.com" },
  google_docs: { provider: google, person: "ann@example.com" },
  google_calendar: { provider: google, person: "ann@example.com" },
  gmail: { provider: google, person: "ann@example.com" },
  microsoft_outlook: { provider: microsoft, fields: { tenant: "organizations" }, person: "Ann" },
  microsoft_teams: { provider: microsoft, person: "Ann" },
  microsoft_onedrive: { provider: microsoft, person: "Ann" },
  microsoft_excel: { provider: microsoft, person: "Ann" },
  microsoft_todo: { provider: microsoft, person: "Ann" },
  slack: { provider: slack, person: "bot" },
  slack_v2: { provider: slack, person: "bot" },
  jira: {
    provider: provider({ account_id: "a1", name: "Ann" }, { expires_in: 3600, scope: "read:me" }),
    person: "Ann",
  },
  linear_app: { provider: linear, person: "Ann" },
  linear: { provider: linear, person: "Ann" },
  notion: {
    provider: provider(
      { id: "b1", bot: { owner: { user: { name: "Ann" } } } },
      { token_type: "bearer", bot_id: "b1", workspace_name: "Acme", owner: {} },
      { client: "basic" },
    ),
    person: "Ann",
  },
  hubspot: {
    provider: provider(
      { portalId: 42, uiDomain: "app.hubspot.com" },
      { expires_in: 1800, refresh_token: "r" },
    ),
    person: "app.hubspot.com",
  },
  zendesk: {
    provider: provider({ user: { id: 5, name: "Ann" } }, { token_type: "bearer", scope: "read write" }),
    fields: { subdomain: "acme" },
    person: "Ann",
  },
  shopify: {
    // No token_type comes from there.
    provider: provider(
      { shop: { id: 9, name: "Acme" } },
      { token_type: undefined, scope: "read_products" },
      {
        credential: ["x-shopify-access-token", "the-token"],
      },
    ),
    fields: { shop_id: "acme" },
    person: "Acme",
  },
  airtable_oauth: { provider: airtable, person: "ann@example.com" },
  airtable: { provider: airtable, person: "ann@example.com" },
};

interface Described {
  slug: string;
  auth: string;
  token_url?: string;
  test_request?: { url: string };
}

const descriptions = readdirSync(folder).flatMap((file) => {
  const value = parse(readFileSync(join(folder, file), "utf8"), { merge: true }) as Described | Described[];
  return Array.isArray(value) ? value : [value];
});
const oauthApps = descriptions.filter(({ auth }) => auth === "oauth");
const filled = (text: string, slug: string): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => apps[slug]?.fields?.[name] ?? "common");

let host: TestHost;
let fake: FakeProviders;

beforeAll(async () => {
  const pathOf = (url: string, slug: string): string => filled(url.replace("https://", "/"), slug);
  const providers = new Map<string, Provider>();
  for (const { slug, token_url = "", test_request } of oauthApps)
    for (const url of [token_url, test_request?.url ?? ""])
      providers.set(pathOf(url, slug), apps[slug]!.provider);
  const tokenPaths = new Set(oauthApps.map(({ slug, token_url = "" }) => pathOf(token_url, slug)));
  fake = await startFakeProviders(
    (path) => providers.get(path),
    (path) => tokenPaths.has(path),
  );
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, "apps"));
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), "utf8").replaceAll(
      /^(\s+|- )?((?:authorize|token|revocation)_url|url): https:\/\//gm,
      (_, indent: string | undefined, name: string) => `${indent ?? ""}${name}: ${fake.url}/`,
    );
    writeFileSync(join(dataDir, "apps", file), text);
  }
  host = await startHost({ dataDir });
});
afterAll(() => Promise.all([host?.stop(), fake?.stop()]));

test("every ready app with OAuth has a fake here, and the dozen that are promised are among them", () => {
  expect(oauthApps.map(({ slug }) => slug).sort()).toEqual(Object.keys(apps).sort());
});

test.each(oauthApps.map(({ slug }) => slug))("%s is connected, and tells who signed in", async (slug) => {
  const { provider: expected, fields, person } = apps[slug]!;
  const began = await host.call<{ id: string; authorize_url: string; error?: string }>(
    "POST",
    "/api/connect-attempts",
    { app: slug, fields: { ...fields, client_id: "the-client", client_secret: "the-secret" } },
  );
  expect(began).toMatchObject({ status: 201 });
  const { address, cookie } = await beginSignIn(began.body.authorize_url);
  const asked = new URL(address).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    response_type: "code",
    client_id: "the-client",
    redirect_uri: `${host.url}/connect/callback`,
    code_challenge_method: "S256",
  });
  const back = `${asked.get("redirect_uri")}?code=good-code&state=${asked.get("state")}`;
  await fetch(back, { headers: { cookie } });
  const { body } = await host.call<{ status: string; error?: string; account?: { name: string } }>(
    "GET",
    `/api/connect-attempts/${began.body.id}`,
  );
  expect({ status: body.status, error: body.error, name: body.account?.name }).toEqual({
    status: "succeeded",
    error: undefined,
    name: person,
  });
  expect(fake.requests.at(-1)?.form).toMatchObject({ grant_type: "authorization_code", code: "good-code" });
  expect(fake.lastHeaders()[expected.credential[0]]).toBe(expected.credential[1]);
});

test("scopes are joined as each app wants them", async () => {
  const scopeOf = async (slug: string): Promise<string | null> => {
    const { body } = await host.call<{ authorize_url: string }>("POST", "/api/connect-attempts", {
      app: slug,
      fields: { client_id: "the-client", client_secret: "the-secret" },
    });
    return new URL((await beginSignIn(body.authorize_url)).address).searchParams.get("scope");
  };
  expect(await scopeOf("linear")).toBe("read,write");
  expect(await scopeOf("github")).toBe("repo read:org read:user admin:repo_hook gist");
});

test("a refusal with the status 200 is told in words, and nothing is connected", async () => {
  const { body } = await host.call<{ id: string; authorize_url: string }>("POST", "/api/connect-attempts", {
    app: "github",
    fields: { client_id: "the-client", client_secret: "the-secret" },
  });
  const { address, cookie } = await beginSignIn(body.authorize_url);
  const asked = new URL(address).searchParams;
  await fetch(`${asked.get("redirect_uri")}?code=other&state=${asked.get("state")}`, { headers: { cookie } });
  const outcome = await host.call<{ status: string; error: string }>(
    "GET",
    `/api/connect-attempts/${body.id}`,
  );
  expect(outcome.body.status).toBe("failed");
  expect(outcome.body.error).toMatch(/bad_verification_code/);
});
