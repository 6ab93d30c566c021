import { account } from "./support/fake-host";
import { useFakePage } from "./support/fake-page";

const fake = useFakePage();
const { open, field, button, visible } = fake;

describe("connecting an account", () => {
  const fill = async (instanceName: string) => {
    await open("accounts");
    await button("Connect account").click();
    await field("App").selectOption("Demo");
    await field("Instance name").fill(instanceName);
    await field("Client secret").fill("s3cret");
  };

  it("says what to do first when nothing is connected, and marks what is missing in the modal", async () => {
    fake.host.state.accounts = [];
    await open("accounts");
    await visible("No account is connected yet");
    await fake.session.shoot("accounts-empty", { narrow: true });
    await button("Connect account").click();
    await field("App").selectOption("Demo");
    await field("Instance name").waitFor();
    expect(await field("Client ID").inputValue()).toBe("demo-client");
    await fake.session.shoot("connect-modal", { narrow: true });
    await button("Continue to sign in").click();
    await visible("Instance name is missing. Fill it in.");
    expect(fake.session.context.pages()).toHaveLength(1);
    expect(fake.host.lastCall("/connect-attempts")).toBeUndefined();
    await fake.session.page.keyboard.press("Escape");
    await button("Connect account").waitFor();
  });

  it("opens the sign-in in a window, hears of the success and shows the new account", async () => {
    await fill("dev98042");
    const [popup] = await Promise.all([
      fake.session.context.waitForEvent("page"),
      button("Continue to sign in").click(),
    ]);
    await popup.waitForURL("**/fake-sign-in");
    await visible(/Sign in and allow access in the window/);
    await fake.session.shoot("connect-waiting", { narrow: true });
    fake.host.state.accounts.push(account("apn_2", "Grace at dev98042"));
    fake.host.state.attempts.set("att_1", {
      id: "att_1",
      status: "succeeded",
      account: { id: "apn_2", name: "Grace at dev98042" },
    });
    await visible("Signed in as Grace at dev98042.");
    expect(popup.isClosed()).toBe(true);
    await button("Done").click();
    await fake.session.page.getByRole("listitem", { name: "Grace at dev98042" }).waitFor();
    expect(fake.host.lastCall("/connect-attempts")?.body).toEqual({
      app: "demo",
      fields: { instance_name: "dev98042", client_id: "demo-client", client_secret: "s3cret" },
    });
  });

  it("shows a refusal at its field or above the buttons, closes the window and keeps what was typed", async () => {
    await fill("not one");
    await button("Continue to sign in").click();
    await visible(/An instance name has no spaces/);
    expect(await field("Instance name").getAttribute("aria-invalid")).toBe("true");
    expect(fake.session.context.pages()).toHaveLength(1);
    await fake.session.shoot("connect-refused-field", { narrow: true });
    await field("Instance name").fill("nowhere");
    await button("Continue to sign in").click();
    await visible("Nothing answers at nowhere. Check the name.");
    expect(await field("Client secret").inputValue()).toBe("s3cret");
  });

  it("tells a denied consent, a closed window and a blocked window apart", async () => {
    await fill("dev98042");
    const opened = fake.session.context.waitForEvent("page");
    await button("Continue to sign in").click();
    await (await opened).waitForURL("**/fake-sign-in");
    fake.host.state.attempts.set("att_1", {
      id: "att_1",
      status: "failed",
      error: "Access was denied. Sign in again and choose Allow.",
    });
    await visible("Access was denied. Sign in again and choose Allow.");

    const again = fake.session.context.waitForEvent("page");
    await button("Continue to sign in").click();
    const popup = await again;
    await popup.waitForURL("**/fake-sign-in");
    await popup.close();
    await visible("The sign-in window was closed");
    await fake.session.shoot("connect-closed");
    await button("Back").click();
    expect(await field("Instance name").inputValue()).toBe("dev98042");
    await fake.host.called("DELETE", "/api/connect-attempts/att_2");

    await fake.session.page.evaluate("window.open = () => null");
    await button("Continue to sign in").click();
    await visible("The browser blocked the sign-in window");
    await button("Open the sign-in window").waitFor();
  });
});

describe("accounts", () => {
  it("connects again with what was entered, its secret kept when left empty", async () => {
    fake.host.state.accounts = [
      account("apn_1", "Ada at demo", { fields: { instance_name: "dev98042", client_id: "own" } }),
    ];
    await open("accounts");
    await button("Reconnect").click();
    await field("Client ID").waitFor();
    expect(await field("Instance name").inputValue()).toBe("dev98042");
    const opened = fake.session.context.waitForEvent("page");
    await button("Continue to sign in").click();
    await (await opened).waitForURL("**/fake-sign-in");
    expect((await fake.host.called("POST", "/api/connect-attempts")).body).toEqual({
      app: "demo",
      fields: { instance_name: "dev98042", client_id: "own" },
      account_id: "apn_1",
    });
  });

  it("takes the keys of an app that is connected by keys", async () => {
    await open("accounts");
    await button("Connect account").click();
    await field("App").selectOption("Vault");
    await button("Connect").click();
    await visible("Enter at least one field with its value.");
    await field("Account name optional").fill("Own vault");
    await field("Name 1").fill("api_key");
    await field("Value of api_key").fill("k3y");
    await fake.session.shoot("connect-keys", { narrow: true });
    await button("Connect").click();
    await visible("Signed in as Own vault.");
    expect((await fake.host.called("POST", "/v1/connect/local/accounts")).body).toEqual({
      app_slug: "vault",
      cfmap_json: '{"api_key":"k3y"}',
      name: "Own vault",
    });
  });

  it("checks a connection, shows what is wrong with a bad one, and deletes after asking", async () => {
    fake.host.state.accounts.push(
      account("apn_9", "Old one", {
        healthy: false,
        error: "The refresh token was revoked. Reconnect the account.",
      }),
    );
    await open("accounts");
    await visible("The refresh token was revoked. Reconnect the account.");
    const good = fake.session.page.getByRole("listitem", { name: "Ada at demo" });
    await good.getByRole("button", { name: "Check connection" }).click();
    await visible("The connection works: signed in as Ada");
    await fake.session.shoot("accounts", { narrow: true });
    await good.getByRole("button", { name: "Delete" }).click();
    await visible("Delete Ada at demo?");
    await fake.session.shoot("account-delete");
    await button("Keep it").click();
    await good.getByRole("button", { name: "Delete" }).click();
    await button("Delete account").click();
    await good.waitFor({ state: "detached" });
  });
});

describe("a trigger", () => {
  const event = (at: number) => ({
    id: `evt_${at}`,
    e: { number: `INC${at}`, short_description: "Cannot log in" },
    k: "emit",
    ts: Date.now() - 60_000 + at,
    sum: `INC${at}: Cannot log in`,
  });
  const trigger = (more: Record<string, unknown> = {}) => ({
    id: "dc_1",
    name: "Incidents",
    component_key: "demo-new-thing",
    component_name: "New Thing",
    account: { id: "apn_1", name: "Ada at demo", healthy: true },
    active: true,
    schedule: { intervalSeconds: 900 },
    configured_props: { table: { __lv: { label: "Incident", value: "incident" } }, columns: ["a", "b"] },
    created_at: Date.now() - 86_400_000,
    last_run: null,
    next_run_at: Date.now() + 600_000,
    event_count: 0,
    ...more,
  });

  it("shows events as they arrive, each with its data, and finds them by words", async () => {
    fake.host.state.triggers = [trigger()];
    fake.host.state.events = Array.from({ length: 7 }, (_, at) => event(at));
    await open("triggers/dc_1");
    await visible("INC6: Cannot log in");
    await visible("Live");
    fake.host.send("emit", { trigger_id: "dc_1", ...event(99) });
    await visible("INC99: Cannot log in");
    const rows = fake.session.page.getByRole("list", { name: "Events, newest first" }).getByRole("listitem");
    expect(await rows.first().textContent()).toContain("INC99");
    await rows.first().locator("summary").click();
    await rows
      .first()
      .getByRole("treeitem", { name: /number.*INC99/ })
      .waitFor();
    await rows.first().getByRole("button", { name: "Copy JSON" }).click();
    await visible("Copied");
    expect(JSON.parse(await fake.session.page.evaluate("navigator.clipboard.readText()"))).toEqual(
      event(99).e,
    );
    await fake.session.shoot("trigger-events", { narrow: true });
    await field("Search in the events").fill("inc3");
    await visible("1 event matches.");
    expect(await rows.count()).toBe(1);
  });

  it("shows a failed run with its reason and log, and that it is paused", async () => {
    const failed = {
      id: "run_1",
      started_at: Date.now() - 5_000,
      finished_at: Date.now(),
      status: "error",
      emitted: 0,
      error: "The instance hibernates. Wake it in its portal.",
    };
    fake.host.state.triggers = [
      trigger({ last_run: failed, event_count: 3 }),
      trigger({ id: "dc_2", name: "Changes", active: false }),
    ];
    fake.host.state.runs = [{ ...failed, logs: [{ ts: 1, level: "warn", message: "Waiting 2 s" }] }];
    await open("triggers");
    await visible("Last run failed");
    await visible("Paused");
    await fake.session.shoot("triggers", { narrow: true });
    await fake.session.page.getByRole("link", { name: /Incidents/ }).click();
    await visible("The last run failed");
    await fake.session.page.locator("summary", { hasText: "Failed" }).click();
    await visible("Waiting 2 s");
    await fake.session.shoot("trigger-failed", { narrow: true });
  });

  it("shows its address, takes another account for one that was deleted, and is deleted anyway", async () => {
    const endpoint_url = "http://127.0.0.1:3000/http/0123456789abcdef0123456789abcdef";
    fake.host.state.triggers = [
      trigger({ endpoint_url, configured_props: { demo: { authProvisionId: "apn_gone" } } }),
    ];
    const path = "/v1/connect/local/deployed-triggers/dc_1";
    fake.host.state.failures.set(`PUT ${path}`, { status: 200, body: {} });
    fake.host.state.failures.set(`DELETE ${path}`, { status: 400, body: { error: "It cannot be stopped." } });
    await open("triggers/dc_1");
    await visible(endpoint_url);
    await visible("The account was deleted. Choose another for this trigger.");
    await fake.session.shoot("trigger-account-gone", { narrow: true });
    await fake.session.page.locator("dl select").selectOption("apn_1");
    await button("Delete").click();
    await button("Delete trigger").click();
    await visible("It cannot be stopped.");
    expect((await fake.host.called("PUT", path)).body).toEqual({
      configured_props: { demo: { authProvisionId: "apn_1" } },
    });
    fake.host.state.failures.set(`DELETE ${path}`, { status: 204, body: {} });
    await button("Delete anyway").click();
    await fake.session.page.waitForURL(/#\/triggers$/);
  });

  it("renames, pauses, and says it when the host is away", async () => {
    fake.host.state.triggers = [trigger()];
    await open("triggers/dc_1");
    await visible("No event yet");
    await fake.session.shoot("trigger-empty", { narrow: true });
    fake.host.state.failures.set("PUT /v1/connect/local/deployed-triggers/dc_1", {
      status: 409,
      body: { error: "The source refused to stop: try again." },
    });
    await button("Pause").click();
    await visible("The source refused to stop: try again.");
    fake.host.state.failures.set("PUT /v1/connect/local/deployed-triggers/dc_1", { status: 200, body: {} });
    await button("Rename").click();
    await field("Name").fill("Only mine");
    await fake.session.page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await fake.session.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(fake.host.lastCall("/deployed-triggers/dc_1")?.body).toEqual({ name: "Only mine" });
    await fake.host.stop();
    await visible(/The host does not answer at the moment/);
    fake.session.complaints.length = 0;
  });
});

it("says how to sign in where the browser is not signed in, and goes on once it is", async () => {
  fake.host.state.failures.set("GET /api/session", {
    status: 401,
    body: { error: "This browser is not signed in to the host." },
  });
  await open("accounts");
  await visible("This browser is not signed in to the host.");
  await visible("npm run sign-in");
  fake.host.state.failures.delete("GET /api/session");
  await button("I have signed in").click();
  await visible("Ada at demo");
});
