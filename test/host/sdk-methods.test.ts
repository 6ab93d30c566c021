import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createFrontendClient } from "@pipedream/sdk/browser";
import type { PipedreamClient } from "@pipedream/sdk";
import { duringTests } from "../helpers/instance";
import { present } from "../helpers/present";
import { startHost, until } from "./host";
import { sdkClient } from "./sdk-client";

/**
 * Every method of the official clients: called, with an answer as its types say, or listed as not offered. The methods are those that the
 * clients' objects have, so that a new one is missed here.
 */

const host = duringTests(startHost);
const user = { externalUserId: "sdk-methods" };
/** A server that the proxy may reach: it says what came. */
const echo = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({
      method: request.method,
      authorization: request.headers.authorization,
      mine: request.headers["x-mine"],
    }),
  );
});
let client: PipedreamClient;
let account: string;
let trigger: string;
let webhook: string;
let token: string;
let echoUrl: string;

beforeAll(async () => {
  client = sdkClient(host);
  await new Promise<void>((done) => echo.listen(0, "127.0.0.1", done));
  const { port } = echo.address() as AddressInfo;
  echoUrl = `http://127.0.0.1:${port}/echo`;
  await host.call("PUT", "/api/app-descriptions", {
    yaml: `{slug: echo_app, name: Echo App, auth: keys, categories: [Testing], fields: [{name: key, label: Key, secret: true}],
      api_hosts: ["127.0.0.1:${port}"], request_headers: {authorization: "Key {key}"}}`,
  });
}, 120_000);
afterAll(() => {
  echo.close();
});

const counter = { id: "conformance-counter", configuredProps: { perRun: 2 } };
const echoed = { ...user, id: "conformance-echo" };
const configured = () => ({ conformance: { authProvisionId: account }, text: "red" });
const proxied = async (
  call: (request: {
    externalUserId: string;
    accountId: string;
    url: string;
    headers: Record<string, string>;
  }) => Promise<unknown>,
  method: string,
) => {
  const { id } = await client.accounts.create({
    ...user,
    appSlug: "echo_app",
    cfmapJson: '{"key": "the-key"}',
    connectToken: token,
  });
  expect(await call({ ...user, accountId: id, url: echoUrl, headers: { "x-mine": "yes" } })).toEqual({
    method,
    authorization: "Key the-key",
    mine: "yes",
  });
};

/** In this order: what the later ones need, the earlier ones make. */
const CALLS: Record<string, () => Promise<void>> = {
  "oauthTokens.create": async () => {
    const { client_id, client_secret } = JSON.parse(
      readFileSync(join(host.dataDir, "credentials.json"), "utf8"),
    ) as Record<"client_id" | "client_secret", string>;
    const granted = await client.oauthTokens.create({ clientId: client_id, clientSecret: client_secret });
    expect(granted).toMatchObject({
      accessToken: expect.any(String),
      tokenType: "Bearer",
      expiresIn: expect.any(Number),
    });
  },
  "tokens.create": async () => {
    const made = await client.tokens.create({ ...user, allowedOrigins: ["https://app.example"] });
    token = made.token;
    expect(made).toMatchObject({
      token: expect.stringMatching(/^ctok_/),
      connectLinkUrl: expect.stringContaining("connectLink=true"),
      expiresAt: expect.any(Date),
    });
  },
  "tokens.validate": async () => {
    expect(await client.tokens.validate(token, { appId: "conformance" })).toMatchObject({
      success: true,
      app: { nameSlug: "conformance" },
      projectId: "local",
    });
  },
  "accounts.create": async () => {
    const made = await client.accounts.create({
      ...user,
      appSlug: "conformance",
      cfmapJson: JSON.stringify({ api_key: "sekret-12345", user: "sue" }),
      connectToken: token,
    });
    account = made.id;
    expect(made).toMatchObject({
      healthy: true,
      dead: false,
      app: { nameSlug: "conformance", authType: "keys" },
      createdAt: expect.any(Date),
    });
  },
  "accounts.retrieve": async () => {
    const found = await client.accounts.retrieve(account, { includeCredentials: true });
    expect(found).toMatchObject({ id: account, credentials: { api_key: "sekret-12345" } });
  },
  "accounts.list": async () => {
    const shown = await client.accounts.list({ ...user, app: "conformance", includeCredentials: true });
    expect(shown.data).toEqual([
      expect.objectContaining({ id: account, credentials: { api_key: "sekret-12345", user: "sue" } }),
    ]);
    const plain = await client.accounts.list({ ...user, app: "conformance" });
    expect(plain.data[0]).not.toHaveProperty("credentials");
  },
  "accounts.listByExternalUser": async () => {
    expect((await client.accounts.listByExternalUser(user.externalUserId)).map(({ id }) => id)).toEqual([
      account,
    ]);
  },
  "apps.list": async () => {
    const first = await client.apps.list({ limit: 1, sortKey: "name_slug", sortDirection: "desc" });
    expect(first.data).toHaveLength(1);
    const name = present(first.data[0]).nameSlug;
    const second = await first.getNextPage();
    expect(second.data[0]?.nameSlug.localeCompare(name)).toBe(-1);
    const withTriggers = await client.apps.list({ hasTriggers: true, q: "echo" });
    expect(withTriggers.data).toEqual([]);
    expect(
      (await client.apps.list({ hasTriggers: false, q: "echo" })).data.map(({ nameSlug }) => nameSlug),
    ).toEqual(["echo_app"]);
  },
  "apps.retrieve": async () => {
    const { data } = await client.apps.retrieve("conformance");
    expect(data).toMatchObject({
      nameSlug: "conformance",
      authType: "keys",
      customFieldsJson: expect.any(String),
      categories: expect.any(Array),
    });
  },
  "appCategories.list": async () => {
    expect(await client.appCategories.list()).toContainEqual({
      id: "appcat_testing",
      name: "Testing",
      description: "Apps for Testing",
    });
  },
  "appCategories.retrieve": async () => {
    expect(await client.appCategories.retrieve("appcat_testing")).toMatchObject({ name: "Testing" });
    const found = await client.apps.list({ categoryIds: "appcat_testing" });
    expect(found.data.map(({ nameSlug }) => nameSlug)).toEqual(["echo_app"]);
  },
  "components.list": async () => {
    const found = await client.components.list({ q: "number", componentType: "trigger" });
    expect(found.data.map(({ key }) => key)).toContain("conformance-counter");
  },
  "components.retrieve": async () => {
    const { data } = await client.components.retrieve("conformance-echo", { version: "0.0.1" });
    expect(data).toMatchObject({ key: "conformance-echo", version: "0.0.1", componentType: "action" });
    await expect(client.components.retrieve("conformance-echo", { version: "9.9.9" })).rejects.toMatchObject({
      statusCode: 404,
    });
  },
  "actions.list": async () => {
    expect((await client.actions.list({ q: "echo" })).data.map(({ key }) => key)).toContain(
      "conformance-echo",
    );
  },
  "actions.retrieve": async () => {
    expect((await client.actions.retrieve("conformance-echo")).data.annotations).toMatchObject({
      readOnlyHint: true,
    });
  },
  "triggers.list": async () => {
    expect((await client.triggers.list({ q: "number" })).data.map(({ key }) => key)).toContain(
      "conformance-counter",
    );
  },
  "triggers.retrieve": async () => {
    expect((await client.triggers.retrieve("conformance-counter")).data.key).toBe("conformance-counter");
  },
  "components.configureProp": async () => {
    const answer = await client.components.configureProp({
      ...echoed,
      propName: "color",
      configuredProps: configured(),
    });
    expect(answer).toMatchObject({ options: [{ label: "RED-0", value: "red-0" }, {}, {}], errors: [] });
  },
  "actions.configureProp": async () => {
    const answer = await client.actions.configureProp({
      ...echoed,
      propName: "color",
      configuredProps: configured(),
      page: 1,
      prevContext: { seen: 3 },
    });
    expect(answer).toMatchObject({ context: { seen: 6 } });
  },
  "triggers.configureProp": async () => {
    const answer = await client.triggers.configureProp({ ...user, ...counter, propName: "way" });
    expect(answer).toMatchObject({ errors: [], observations: [] });
  },
  "components.reloadProps": async () => {
    const answer = await client.components.reloadProps({
      ...user,
      id: "conformance-dynamic",
      configuredProps: { ...configured(), kind: "a" },
    });
    expect(answer.dynamicProps).toMatchObject({
      id: expect.stringMatching(/^dyp_/),
      configurableProps: expect.any(Array),
    });
  },
  "actions.reloadProps": async () => {
    const answer = await client.actions.reloadProps({
      ...user,
      id: "conformance-dynamic",
      configuredProps: { ...configured(), kind: "b" },
    });
    expect(answer.errors).toEqual([]);
  },
  "triggers.reloadProps": async () => {
    await expect(client.triggers.reloadProps({ ...user, ...counter })).rejects.toMatchObject({
      statusCode: 400,
    });
  },
  "actions.run": async () => {
    const ran = await client.actions.run({ ...echoed, configuredProps: configured() });
    expect(ran).toMatchObject({ exports: { $summary: "Echoed red" }, ret: { text: "red" } });
    await expect(
      client.actions.run({ ...echoed, version: "9.9.9", configuredProps: configured() }),
    ).rejects.toMatchObject({ statusCode: 404 });
  },
  "fileStash.downloadFile": async () => {
    const ran = await client.actions.run({
      ...user,
      id: "conformance-leave-file",
      configuredProps: { text: "kept" },
      stashId: "NEW",
    });
    const [upload] = (ran.exports as { $filestash_uploads: { s3Key: string }[] }).$filestash_uploads;
    const file: unknown = await client.fileStash.downloadFile({ s3Key: present(upload).s3Key });
    expect(Buffer.from(await (file as Response).arrayBuffer()).toString()).toBe("kept");
  },
  "triggers.deploy": async () => {
    const { data } = await client.triggers.deploy({ ...user, ...counter, webhookUrl: echoUrl });
    trigger = data.id;
    expect(data).toMatchObject({
      type: "DeployedComponent",
      active: true,
      componentKey: "conformance-counter",
      createdAt: expect.any(Number),
    });
  },
  "deployedTriggers.list": async () => {
    expect((await client.deployedTriggers.list(user)).data.map(({ id }) => id)).toEqual([trigger]);
    expect((await client.deployedTriggers.list({ ...user, emitterType: "http" })).data).toEqual([]);
  },
  "deployedTriggers.retrieve": async () => {
    expect((await client.deployedTriggers.retrieve(trigger, user)).data).toMatchObject({
      id: trigger,
      active: true,
    });
  },
  "deployedTriggers.listEvents": async () => {
    const events = await until("events", async () => {
      const { data } = await client.deployedTriggers.listEvents(trigger, { ...user, n: 2 });
      return data.length === 2 && data;
    });
    expect(events.at(-1)).toMatchObject({ k: "emit", e: { n: 2 } });
  },
  "deployedTriggers.update": async () => {
    const { data } = await client.deployedTriggers.update(trigger, {
      ...user,
      active: false,
      name: "Paused",
    });
    expect(data).toMatchObject({ active: false, name: "Paused" });
  },
  "deployedTriggers.listWorkflows": async () => {
    expect(await client.deployedTriggers.listWorkflows(trigger, user)).toEqual({ workflowIds: [] });
  },
  "deployedTriggers.updateWorkflows": async () => {
    expect(await client.deployedTriggers.updateWorkflows(trigger, { ...user, workflowIds: ["p_1"] })).toEqual(
      { workflowIds: ["p_1"] },
    );
  },
  "deployedTriggers.listWebhooks": async () => {
    const { webhookUrls, webhooks } = await client.deployedTriggers.listWebhooks(trigger, user);
    webhook = present(webhooks?.[0]).id;
    expect(webhookUrls).toEqual([echoUrl]);
    expect(webhooks).toEqual([
      expect.objectContaining({
        url: echoUrl,
        signingKeySet: true,
        signingKey: expect.stringMatching(/^whk_/),
      }),
    ]);
  },
  "deployedTriggers.retrieveWebhook": async () => {
    const { data } = await client.deployedTriggers.retrieveWebhook(trigger, webhook, user);
    expect(data).toMatchObject({
      id: webhook,
      url: echoUrl,
      signingKeySet: true,
      createdAt: expect.any(Number),
      updatedAt: expect.any(Number),
    });
  },
  "deployedTriggers.regenerateWebhookSigningKey": async () => {
    const before = (await client.deployedTriggers.retrieveWebhook(trigger, webhook, user)).data;
    const { data } = await client.deployedTriggers.regenerateWebhookSigningKey(trigger, webhook, user);
    expect(data.signingKey).toMatch(/^whk_/);
    expect(data.signingKey).not.toBe(before.signingKey);
  },
  "deployedTriggers.updateWebhooks": async () => {
    expect(
      (await client.deployedTriggers.updateWebhooks(trigger, { ...user, webhookUrls: [] })).webhookUrls,
    ).toEqual([]);
  },
  "deployedTriggers.delete": async () => {
    await client.deployedTriggers.delete(trigger, user);
    expect((await client.deployedTriggers.list(user)).data).toEqual([]);
  },
  "proxy.get": () => proxied((request) => client.proxy.get(request), "GET"),
  "proxy.post": () => proxied((request) => client.proxy.post({ ...request, body: { a: 1 } }), "POST"),
  "proxy.put": () => proxied((request) => client.proxy.put({ ...request, body: { a: 1 } }), "PUT"),
  "proxy.patch": () => proxied((request) => client.proxy.patch({ ...request, body: { a: 1 } }), "PATCH"),
  "proxy.delete": () => proxied((request) => client.proxy.delete(request), "DELETE"),
  "projects.list": async () => {
    expect((await client.projects.list()).data).toEqual([
      { id: "local", name: "Workflow host", appName: "Workflow host" },
    ]);
  },
  "projects.retrieve": async () => {
    expect(await client.projects.retrieve("local")).toMatchObject({ id: "local" });
  },
  "projects.retrieveInfo": async () => {
    expect((await client.projects.retrieveInfo()).apps).toContainEqual({
      id: "app_conformance",
      nameSlug: "conformance",
    });
  },
  "users.list": async () => {
    expect((await client.users.list()).data.map(({ externalId }) => externalId)).toContain(
      user.externalUserId,
    );
  },
  "accounts.deleteByApp": async () => {
    await client.accounts.deleteByApp("echo_app");
    expect((await client.accounts.list(user)).data.map(({ id }) => id)).toEqual([account]);
  },
  "accounts.delete": async () => {
    await client.accounts.delete(account);
    expect((await client.accounts.list(user)).data).toEqual([]);
  },
  "users.deleteExternalUser": async () => {
    await client.users.deleteExternalUser(user.externalUserId);
    expect((await client.users.list()).data.map(({ externalId }) => externalId)).not.toContain(
      user.externalUserId,
    );
  },
};

const OAUTH_CLIENTS = "OAuth clients are entered where an account is connected, and belong to it";
const ONE_PROJECT = "a host is one project, which is neither made nor deleted";
const PROJECT_WEBHOOK = "webhooks belong to connect tokens (`webhook_uri`) and to triggers";
const NOT_OFFERED: Record<string, string> = {
  "appOverrides.list": OAUTH_CLIENTS,
  "appOverrides.create": OAUTH_CLIENTS,
  "appOverrides.retrieve": OAUTH_CLIENTS,
  "appOverrides.update": OAUTH_CLIENTS,
  "appOverrides.delete": OAUTH_CLIENTS,
  "oauthApps.list": OAUTH_CLIENTS,
  "oauthApps.create": OAUTH_CLIENTS,
  "oauthApps.retrieve": OAUTH_CLIENTS,
  "oauthApps.update": OAUTH_CLIENTS,
  "oauthApps.delete": OAUTH_CLIENTS,
  "projects.create": ONE_PROJECT,
  "projects.delete": ONE_PROJECT,
  "projects.update": ONE_PROJECT,
  "projects.updateLogo": ONE_PROJECT,
  "projectEnvironment.retrieveWebhook": PROJECT_WEBHOOK,
  "projectEnvironment.updateWebhook": PROJECT_WEBHOOK,
  "projectEnvironment.deleteWebhook": PROJECT_WEBHOOK,
  "projectEnvironment.regenerateWebhookSigningKey": PROJECT_WEBHOOK,
  "usage.list": "nothing is metered",
  "workflows.invoke":
    "the client calls https addresses below one domain; call the workflow's `endpoint` itself",
  "workflows.invokeForExternalUser":
    "the client calls https addresses below one domain; call the workflow's `endpoint` itself",
};
/** What the client does by itself, without a request. */
const LOCAL = ["proxy.transformProxyHeaders", "proxy.getResponseType", "proxy.isJsonResponse"];

/** The methods of a client and of the parts it has, as `accounts.list`; private ones begin with two underscores. */
function methodsOf(part: object, path: string[] = []): string[] {
  const found: string[] = [];
  for (
    let at: object | null = part;
    at && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  )
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (name === "constructor" || name.startsWith("_") || at === part) continue;
      if (typeof property.value === "function") found.push([...path, name].join("."));
      // A getter makes a part of the client, or a promise of a token.
      if (property.get !== undefined && name !== "rawAccessToken" && path.length === 0) {
        const inner: unknown = Reflect.get(part, name);
        if (typeof inner === "object" && inner !== null) found.push(...methodsOf(inner, [name]));
      }
    }
  return [...new Set(found)];
}

test.each(Object.entries(CALLS))("%s", async (_, call) => call());

test("there is no method that is neither called here nor listed as not offered", () => {
  const known = [...Object.keys(CALLS), ...Object.keys(NOT_OFFERED), ...LOCAL];
  expect(methodsOf(client).sort()).toEqual(known.sort());
});

test.each(Object.keys(NOT_OFFERED).filter((name) => !name.startsWith("workflows.")))(
  "%s is refused, and nothing is done",
  async (name) => {
    const [part = "", method = ""] = name.split(".");
    const owner = Reflect.get(client, part) as Record<string, (...args: unknown[]) => Promise<unknown>>;
    await expect(owner[method]?.("none", {}, { maxRetries: 0 })).rejects.toMatchObject({
      name: expect.stringMatching(/Error/),
    });
  },
);

test("the browser's client gets its token from its page and uses the same routes, for its own user alone", async () => {
  const browser = createFrontendClient({
    baseUrl: host.url,
    frontendHost: "127.0.0.1",
    externalUserId: "browser-user",
    projectEnvironment: "development",
    tokenCallback: async () => {
      const made = await client.tokens.create({ externalUserId: "browser-user" });
      return { token: made.token, expiresAt: made.expiresAt, connectLinkUrl: made.connectLinkUrl };
    },
  });
  expect(methodsOf(browser).filter((name) => !name.includes("."))).toEqual([
    "connectAccount",
    "cleanup",
    "createIframe",
  ]);
  expect((await browser.components.retrieve("conformance-echo")).data.key).toBe("conformance-echo");
  expect((await browser.accounts.list({ externalUserId: "browser-user" })).data).toEqual([]);
  await expect(browser.accounts.list(user)).rejects.toMatchObject({ statusCode: 403 });
});

test("what is not offered stands in the document", () => {
  const page = join(__dirname, "../../docs/host.md");
  const [begin, end] = [
    "<!-- methods that are not offered: made by test/host/sdk-methods -->",
    "<!-- end of the methods -->",
  ];
  const rows = [...new Set(Object.values(NOT_OFFERED))].map((reason) => {
    const methods = Object.entries(NOT_OFFERED).filter(([, why]) => why === reason);
    return `| ${methods.map(([name]) => `\`${name}\``).join(", ")} | ${reason} |`;
  });
  const table = ["| method of `@pipedream/sdk` | why it is not offered |", "|---|---|", ...rows].join("\n");
  const text = readFileSync(page, "utf8");
  const written = new RegExp(`${begin}\n\n[^]*\n\n${end}`);
  expect(text).toMatch(written);
  const wanted = text.replace(written, () => `${begin}\n\n${table}\n\n${end}`);
  if (process.env.WRITE_TABLE !== undefined) writeFileSync(page, wanted);
  else expect(text).toBe(wanted);
});
