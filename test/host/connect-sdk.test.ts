import type { PipedreamClient } from "@pipedream/sdk";
import { startHost, until, type TestHost } from "./host";
import { sdkClient } from "./sdk-client";
import { present } from "../helpers/present";

/** The official server client, unmodified, pointed at this host. */
let host: TestHost;
let client: PipedreamClient;
beforeAll(async () => {
  host = await startHost();
  client = sdkClient(host);
});
afterAll(() => host?.stop());

const user = { externalUserId: "sdk-user" };

test("lists apps and components, makes a token and an account", async () => {
  const apps = await client.apps.list({ q: "conformance" });
  expect(apps.data.map((app) => app.nameSlug)).toContain("conformance");
  const actions = await client.actions.list({ app: "conformance" });
  expect(actions.data.map((action) => action.key)).toContain("conformance-echo");
  const component = await client.components.retrieve("conformance-counter");
  expect(component.data.configurableProps.map((prop) => prop.name)).toContain("perRun");
  const { token } = await client.tokens.create(user);
  expect(token).toMatch(/^ctok_/);
  const account = await client.accounts.create({
    ...user,
    appSlug: "conformance",
    cfmapJson: JSON.stringify({ api_key: "sekret-12345", user: "sue" }),
    connectToken: token,
  });
  expect(account).toMatchObject({ healthy: true });
  expect((await client.accounts.list(user)).data.map(({ id }) => id)).toEqual([account.id]);
});

test("fills a form, runs an action, and reads what went wrong without a retry", async () => {
  const [account] = (await client.accounts.list(user)).data;
  const conformance = { authProvisionId: present(account).id };
  const options = await client.components.configureProp({
    ...user,
    id: "conformance-echo",
    propName: "color",
    configuredProps: { conformance, text: "red" },
  });
  expect(options.options?.[0]).toMatchObject({ label: "RED-0" });
  const reloaded = await client.components.reloadProps({
    ...user,
    id: "conformance-dynamic",
    configuredProps: { conformance, kind: "a" },
  });
  expect(reloaded.dynamicProps?.id).toMatch(/^dyp_/);
  const ran = await client.actions.run({
    ...user,
    id: "conformance-echo",
    configuredProps: { conformance, text: "hi" },
  });
  expect(ran.exports).toMatchObject({ $summary: "Echoed hi" });
  const failed = await client.actions.run({
    ...user,
    id: "conformance-misbehave",
    configuredProps: { way: "configuration" },
  });
  expect(JSON.stringify(failed.os)).toContain("Choose another color.");
  await expect(
    client.actions.run({ ...user, id: "conformance-echo", configuredProps: {} }),
  ).rejects.toMatchObject({ statusCode: 400 });
});

test("deploys a trigger, reads its events, pauses and deletes it", async () => {
  const deployed = await client.triggers.deploy({
    ...user,
    id: "conformance-counter",
    configuredProps: { perRun: 2 },
  });
  const id = (deployed.data as { id: string }).id;
  const events = await until("events", async () => {
    const { data } = await client.deployedTriggers.listEvents(id, { ...user, n: 10 });
    return data.length === 3 && data;
  });
  expect(events[0]).toMatchObject({ k: "emit", sum: "Number 0" });
  const updated = await client.deployedTriggers.update(id, { ...user, active: false, name: "Paused" });
  expect(updated.data).toMatchObject({ active: false, name: "Paused" });
  expect((await client.deployedTriggers.list(user)).data).toHaveLength(1);
  const hooks = await client.deployedTriggers.updateWebhooks(id, {
    ...user,
    webhookUrls: ["http://127.0.0.1:9/x"],
  });
  expect(hooks.webhookUrls).toEqual(["http://127.0.0.1:9/x"]);
  await client.deployedTriggers.delete(id, user);
  expect((await client.deployedTriggers.list(user)).data).toHaveLength(0);
});
