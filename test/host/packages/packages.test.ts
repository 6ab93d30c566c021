import { duringTests } from "../../helpers/instance";
import { present } from "../../helpers/present";
import { startHost, until } from "../host";
import { makeAuthority, signedBy } from "../network/certificates";
import { startProxy, startTlsFront, type Proxy, type TlsFront } from "../network/tunnels";
import { startPostgres } from "../postgres-server";
import { gitlab, hookOf, monday, notion, outlook, shopify, slack } from "./answers";
import { startServices } from "./services";
import { startSftp } from "./sftp-server";

/**
 * Published component packages as they are, each with choices, an action and a source, against their services' API on this machine. They
 * find it at the services' own names: each account has a proxy that leads there, and trusts the authority of its certificate.
 */

const PACKAGES = [
  "gitlab",
  "notion",
  "slack",
  "monday",
  "shopify",
  "microsoft_outlook",
  "sftp",
  "postgresql",
];
const HOSTS = [
  "gitlab.acme.example",
  "api.notion.com",
  "slack.com",
  "api.monday.com",
  "acme.myshopify.com",
  "graph.microsoft.com",
];
const DATABASE = "db.acme.example";
const services = duringTests(startServices, {
  "gitlab.acme.example": gitlab,
  "api.notion.com": notion,
  "slack.com": slack,
  "api.monday.com": monday,
  "acme.myshopify.com": shopify,
  "graph.microsoft.com": outlook,
});
const sftp = duringTests(startSftp);
const postgres = duringTests(startPostgres);
const host = duringTests(startHost, {
  env: { COMPONENT_PACKAGES: PACKAGES.map((name) => `@pipedream/${name}`).join(",") },
});
let proxy: Proxy;
let front: TlsFront;
let ca_certificate: string;

beforeAll(async () => {
  const authority = await makeAuthority("Packages Authority");
  ca_certificate = authority.certificate;
  front = await startTlsFront(services.port, await signedBy(authority, "services", HOSTS));
  const database = await signedBy(authority, DATABASE, [DATABASE]);
  for (const [file, pem] of [
    ["server.crt", database.certificate],
    ["server.key", database.key],
  ] as const)
    await postgres.query(`copy (select unnest(string_to_array($pem$${pem.trim()}$pem$, E'\\n')))
      to program 'umask 077; tr -d "\\r" > ${file}'`);
  await postgres.query("alter system set ssl = on");
  await postgres.query("select pg_reload_conf()");
  proxy = await startProxy((name, port) => {
    if (HOSTS.includes(name) && port === 443) return front.port;
    if (name === DATABASE) return Number(new URL(postgres.url).port);
    return name === "files.acme.example" && port === 22 ? sftp.port : undefined;
  });
  for (const [slug, fields] of Object.entries(FIELDS))
    await host.call("PUT", "/api/app-descriptions", {
      yaml: JSON.stringify({
        slug,
        name: slug,
        auth: "keys",
        fields: fields.map((name) => ({
          name,
          label: name,
          secret: /token|key|password/i.test(name),
          optional: true,
        })),
      }),
    });
}, 120_000);
afterAll(async () => {
  await proxy?.stop();
  await front?.stop();
});

const FIELDS: Record<string, string[]> = {
  gitlab: ["oauth_access_token", "base_api_url"],
  notion: ["oauth_access_token"],
  slack: ["oauth_access_token"],
  monday: ["api_key"],
  shopify: ["oauth_access_token", "shop_id"],
  microsoft_outlook: ["oauth_access_token"],
  sftp: ["host", "username", "privateKey"],
  postgresql: ["host", "port", "user", "password", "database"],
};

interface Ran {
  ret: unknown;
  exports: { $summary?: string };
  os: { k: string; err?: { message: string } }[];
  error?: string;
}
const connect = async (app: string, fields: Record<string, string>): Promise<{ authProvisionId: string }> => {
  const { status, body } = await host.call<{ id: string; error?: string }>("POST", "/v1/connect/accounts", {
    app_slug: app,
    cfmap_json: fields,
    network: { ca_certificate, proxy_url: proxy.url },
  });
  expect({ status, error: body.error ?? undefined }).toEqual({ status: 200, error: undefined });
  return { authProvisionId: body.id };
};
const choices = async (id: string, prop: string, props: object): Promise<unknown[]> => {
  const { body } = await host.call<{
    options: { label: string; value: unknown }[] | null;
    stringOptions: string[];
  }>("POST", "/v1/connect/components/configure", {
    id,
    external_user_id: "local",
    prop_name: prop,
    configured_props: props,
  });
  return body.options ?? present(body.stringOptions);
};
const dynamic = async (
  id: string,
  props: object,
): Promise<Record<string, { options?: unknown; hidden?: boolean }>> => {
  const { body } = await host.call<{
    dynamicProps: { configurableProps: { name: string; options?: unknown; hidden?: boolean }[] };
  }>("POST", "/v1/connect/components/props", { id, external_user_id: "local", configured_props: props });
  return Object.fromEntries(body.dynamicProps.configurableProps.map((prop) => [prop.name, prop]));
};
const run = async (id: string, props: object): Promise<Ran> => {
  const { body } = await host.call<Ran>("POST", "/v1/connect/actions/run", {
    id,
    external_user_id: "local",
    configured_props: props,
  });
  expect(body.os.filter(({ k }) => k === "error")).toEqual([]);
  return body;
};
const deploy = (id: string, props: object) =>
  host.call<{ data?: { id: string }; error?: string }>("POST", "/v1/connect/triggers/deploy", {
    id,
    external_user_id: "local",
    configured_props: props,
  });
const summaries = async (
  id: string,
  props: object,
  least: number,
  poke?: () => Promise<void>,
): Promise<string[]> => {
  const { body } = await deploy(id, props);
  expect(body.error).toBeUndefined();
  const trigger = present(body.data).id;
  await poke?.();
  return until(`events of ${id}`, async () => {
    const answer = await host.call<{ data: { sum: string }[] }>(
      "GET",
      `/v1/connect/deployed-triggers/${trigger}/events?external_user_id=local`,
    );
    return answer.body.data.length >= least && answer.body.data.map(({ sum }) => sum);
  });
};
const hook = async (service: string, body: object, headers: Record<string, string> = {}): Promise<void> => {
  const answer = await fetch(hookOf(service).url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBeLessThan(300);
};

test("gitlab: choices that depend on others, an action, a webhook with a token", async () => {
  const account = await connect("gitlab", {
    oauth_access_token: "glpat-secret",
    base_api_url: "gitlab.acme.example",
  });
  expect(await choices("gitlab-create-issue", "projectId", { gitlab: account })).toEqual([
    { label: "acme/tools", value: 7 },
  ]);
  expect(await choices("gitlab-create-issue", "labels", { gitlab: account, projectId: 7 })).toContain("bug");
  const made = await run("gitlab-create-issue", {
    gitlab: account,
    projectId: 7,
    title: "Broken",
    labels: ["bug"],
    assigneeIds: [],
  });
  expect(made).toMatchObject({
    ret: { title: "Broken", labels: "bug" },
    exports: { $summary: "Created issue Broken" },
  });
  expect(
    await summaries("gitlab-new-issue", { gitlab: account, projectId: 7 }, 1, () =>
      hook(
        "gitlab",
        {
          object_attributes: { id: 71, iid: 2, title: "Smoke", created_at: "2026-01-01T00:00:00Z" },
          user: { name: "Ann", username: "ann" },
          changes: { updated_at: {} },
        },
        { "x-gitlab-token": hookOf("gitlab").token ?? "" },
      ),
    ),
  ).toEqual(["New issue by Ann (ann): #2 Smoke"]);
});

test("notion: props by the columns of a data source, a page, a poll", async () => {
  const notionAccount = await connect("notion", { oauth_access_token: "ntn_secret" });
  const chosen = {
    notion: notionAccount,
    parentDataSource: "ds-1",
    templateType: "none",
    propertyTypes: ["Name", "Stage"],
  };
  expect(
    await choices("notion-create-page-from-database", "parentDataSource", { notion: notionAccount }),
  ).toEqual([{ label: "Tasks", value: "ds-1" }]);
  const props = await dynamic("notion-create-page-from-database", chosen);
  expect(props.Stage?.options).toEqual(["New", "Old"]);
  const made = await run("notion-create-page-from-database", { ...chosen, Name: "Made here", Stage: "New" });
  expect(JSON.stringify(made.ret)).toContain("Made here");
  expect(await summaries("notion-new-page", { notion: notionAccount, dataSourceId: "ds-1" }, 1)).toEqual([
    expect.stringContaining("First"),
  ]);
});

test("slack: props that are changed in place, a message; a source of app events is refused in words", async () => {
  const account = { slack: await connect("slack", { oauth_access_token: "xoxb-secret" }) };
  const id = "slack-send-message-to-channel";
  expect(await choices(id, "conversation", account)).toEqual([expect.objectContaining({ value: "C1" })]);
  expect((await dynamic(id, { ...account, conversation: "C1", text: "x" })).username?.hidden).toBe(true);
  const custom = { ...account, conversation: "C1", text: "x", customizeBotSettings: true };
  expect((await dynamic(id, custom)).username?.hidden).toBe(false);
  const sent = await run(id, {
    ...account,
    conversation: "C1",
    text: "Hello",
    include_sent_via_pipedream_flag: false,
  });
  expect(sent.exports.$summary).toMatch(/sent/i);
  const refused = await deploy("slack-new-channel-created", account);
  expect(refused).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("$.interface.apphook") },
  });
});

test("monday: props by the columns of a board, an item, events of the deployment and of a webhook", async () => {
  const account = { monday: await connect("monday", { api_key: "monday-secret" }) };
  expect(await choices("monday-create-item", "boardId", account)).toEqual([{ label: "House", value: "11" }]);
  const chosen = { ...account, boardId: "11", itemName: "Paint", columns: ["status"] };
  const { status } = await dynamic("monday-create-item", chosen);
  expect(status?.options).toEqual([
    { label: "Open", value: "0" },
    { label: "Done", value: "1" },
  ]);
  expect((await run("monday-create-item", { ...chosen, status: "1" })).ret).toBe("901");
  const found = await summaries("monday-new-item", { ...account, boardId: "11" }, 1, () =>
    hook("monday", { event: { pulseId: 900, type: "create_pulse" } }),
  );
  expect(found).toContain("Fix the door");
});

test("shopify: props of which each depends on the one before, an update, a poll", async () => {
  const account = await connect("shopify", { oauth_access_token: "shpat_secret", shop_id: "acme" });
  const chosen = {
    shopify: account,
    ownerResource: "product",
    ownerId: "gid://shopify/Product/1",
    metafieldId: "gid://shopify/Metafield/9",
  };
  expect(
    await choices("shopify-update-metafield", "ownerId", { shopify: account, ownerResource: "product" }),
  ).toEqual([{ label: "Lamp", value: "gid://shopify/Product/1" }]);
  expect(Object.keys(await dynamic("shopify-update-metafield", chosen))).toEqual(
    expect.arrayContaining(["ownerId", "metafieldId", "value"]),
  );
  const updated = await run("shopify-update-metafield", { ...chosen, value: "red" });
  expect(JSON.stringify(updated.ret)).toContain("red");
  expect(await summaries("shopify-new-page", { app: account }, 1)).toEqual(["New Page: About"]);
});

test("microsoft_outlook: a subscription that calls back while it is made, then notifies", async () => {
  const account = {
    microsoftOutlook: await connect("microsoft_outlook", { oauth_access_token: "eyJ-secret" }),
  };
  expect(await choices("microsoft_outlook-update-contact", "contact", account)).toEqual([
    { label: "Ann Example", value: "c-1" },
  ]);
  const made = await run("microsoft_outlook-create-contact", {
    ...account,
    givenName: "Bo",
    surname: "Test",
    emailAddresses: ["bo@acme.example"],
  });
  expect(made.ret).toMatchObject({ id: "c-2", givenName: "Bo" });
  expect(
    await summaries("microsoft_outlook-new-contact", account, 1, () =>
      hook("outlook", {
        value: [{ clientState: hookOf("outlook").token, resourceData: { id: "c-1" } }],
      }),
    ),
  ).toContain("New contact (ID:c-1)");
});

test("sftp: an upload from /tmp's side of a dir prop, and a watched folder, over SSH through the proxy", async () => {
  const account = {
    app: await connect("sftp", { host: "files.acme.example", username: "ann", privateKey: sftp.privateKey }),
  };
  const sent = await run("sftp-upload-file", { ...account, data: "two", remotePath: "/public/second.txt" });
  expect(sent.exports.$summary).toBe("Successfully uploaded data stream");
  expect(String(sftp.files.get("/public/second.txt"))).toBe("two");
  expect(
    (
      await summaries("sftp-watch-remote-directory", { ...account, rootDirectory: "/public", maxDepth: 0 }, 2)
    ).sort(),
  ).toEqual(["created /public/first.txt", "created /public/second.txt"]);
});

test("postgresql: choices in three steps, rows written and found, TLS by the account's own authority", async () => {
  await postgres.query("create table public.parts (id serial primary key, name text)");
  await postgres.query("insert into public.parts (name) values ('bolt')");
  const { username, password } = new URL(postgres.url);
  const account = {
    postgresql: await connect("postgresql", {
      host: DATABASE,
      port: "5432",
      user: username,
      password,
      database: "postgres",
    }),
  };
  const id = "postgresql-new-row";
  expect(await choices(id, "schema", account)).toContain("public");
  expect(await choices(id, "table", { ...account, schema: "public" })).toEqual(["parts"]);
  expect(await choices(id, "column", { ...account, schema: "public", table: "parts" })).toEqual([
    "id",
    "name",
  ]);
  const place = { ...account, schema: "public", table: "parts" };
  await run("postgresql-insert-row", { ...place, rowValues: { name: "nut" } });
  expect(await postgres.query("select name from public.parts order by id")).toEqual([
    { name: "bolt" },
    { name: "nut" },
  ]);
  expect(await summaries(id, { ...place, column: "id" }, 2)).toEqual(["New Row Added", "New Row Added"]);
});

test("every request of these accounts went through their proxy, and no secret is shown", async () => {
  const hosts = new Set(proxy.asked.map((target) => target.replace(/:\d+$/, "")));
  expect(hosts).toEqual(new Set([...HOSTS, DATABASE, "files.acme.example"]));
  expect(services.came.map(({ headers }) => headers.authorization)).toContain("Bearer glpat-secret");
  const shown = await host.call("GET", "/v1/connect/accounts?external_user_id=local");
  expect(JSON.stringify(shown.body)).not.toMatch(/secret|PRIVATE KEY|through/);
});
