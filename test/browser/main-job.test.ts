import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { startBoth, type Both } from "../../scripts/demo/both";
import { narrow, openBrowser, overflowX, thingsOn, wide, type Session } from "./support/open-browser";
import { present } from "../helpers/present";

jest.setTimeout(60_000);

let both: Both;
let session: Session;
let page: Page;

beforeAll(async () => {
  both = await startBoth(["--incidents", "50"]);
  session = await openBrowser();
  ({ page } = session);
  await page.goto(await both.client.signInLink());
}, 60_000);

afterAll(async () => {
  await session?.close();
  await both?.stop();
});

afterEach(() => expect(session.complaints.splice(0)).toEqual([]));

const { field, button, visible } = thingsOn(() => page);
const tab = (name: string) => page.getByRole("navigation").getByRole("link", { name }).click();

/** Fills in the modal and gives the window it opens, on the instance's own page. */
async function openSignIn(values: { instance: string; secret?: string }): Promise<Page> {
  await fillModal(values);
  const opened = session.context.waitForEvent("page");
  await button("Continue to sign in").click();
  const popup = await opened;
  await popup.waitForURL(`${both.instance.url}/**`);
  return popup;
}

async function fillModal({
  instance,
  secret = "demo-secret",
}: {
  instance: string;
  secret?: string;
}): Promise<void> {
  if ((await page.getByRole("dialog").count()) === 0) await button("Connect account").click();
  await field("Instance Name").fill(instance);
  await field("Client ID").fill("demo-client");
  await field("Client Secret").fill(secret);
}

async function signIn(popup: Page, password: string): Promise<void> {
  await popup.getByLabel("User name").fill("admin");
  await popup.getByLabel("Password").fill(password);
  await popup.getByRole("button", { name: "Log in" }).click();
}

const accountsKept = async (): Promise<number> =>
  (await both.client.call<{ data: unknown[] }>("GET", "/v1/connect/local/accounts?external_user_id=local"))
    .data.length;

/** The steps go on from each other: after one that failed the others could only fail too, slowly. */
let failed: string | undefined;
const step = (name: string, job: () => Promise<void>) =>
  it(name, async () => {
    if (failed) throw new Error(`Not tried, because this failed before: ${failed}`);
    failed = name;
    await job();
    failed = undefined;
  });

describe("bad input while connecting", () => {
  step("names what is wrong with an instance name at the field itself", async () => {
    for (const wrong of [
      "dev 98042",
      "dev98042/nav_to.do",
      "ftp://dev98042.service-now.com",
      "http://example.com",
    ]) {
      await fillModal({ instance: wrong });
      await button("Continue to sign in").click();
      await page.locator(".field.wrong .field-error").waitFor();
      expect(await field("Instance Name").getAttribute("aria-invalid")).toBe("true");
      expect(await field("Instance Name").inputValue()).toBe(wrong);
      if (wrong === "dev98042/nav_to.do") await session.shoot("bad-instance-name", { narrow: true });
      await field("Instance Name").fill("");
    }
    expect(session.context.pages()).toHaveLength(1);
  });

  step("tells a web server that is no instance from an address where nothing listens", async () => {
    const other = createServer((_request, response) => response.end("<h1>Hello</h1>"));
    await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
    const { port } = other.address() as AddressInfo;
    await fillModal({ instance: `http://127.0.0.1:${port}` });
    await button("Continue to sign in").click();
    const complaint = page.locator(".field-error, .notice.error").first();
    await complaint.waitFor();
    expect(await complaint.textContent()).toMatch(/not.*ServiceNow|no ServiceNow/i);
    await session.shoot("bad-no-instance");
    await new Promise((closed) => other.close(closed));
    await field("Client Secret").fill("demo-secret2");
    await button("Continue to sign in").click();
    await page
      .getByText(/nothing|refused|reach|listen/i)
      .first()
      .waitFor();
    await session.shoot("bad-nothing-listens");
    expect(await field("Client Secret").inputValue()).toBe("demo-secret2");
  });

  step("lets a wrong password be tried again in the window, and says that consent was denied", async () => {
    const popup = await openSignIn({ instance: both.instance.url });
    await signIn(popup, "wrong");
    await popup.getByRole("alert").waitFor();
    await session.shoot("bad-password", { page: popup });
    await signIn(popup, "admin");
    await popup.getByRole("button", { name: "Deny" }).click();
    const complaint = page.locator(".notice.error");
    await complaint.waitFor();
    expect(await complaint.textContent()).toMatch(/allow|denied/i);
    await session.shoot("bad-denied");
    expect(popup.isClosed()).toBe(true);
  });

  step("says that the client secret is wrong without showing it, and has stored nothing", async () => {
    const popup = await openSignIn({ instance: both.instance.url, secret: "not-the-secret" });
    await popup.getByRole("button", { name: "Allow" }).click();
    const complaint = page.locator(".field-error, .notice.error").first();
    await complaint.waitFor();
    await session.shoot("bad-secret", { narrow: true });
    expect(await complaint.textContent()).toMatch(/secret/i);
    expect(await page.locator("body").textContent()).not.toContain("not-the-secret");
    expect(await accountsKept()).toBe(0);
    await page.keyboard.press("Escape");
    await visible("No account is connected yet");
  });
});

describe("the main job", () => {
  step("connects an account through the sign-in window", async () => {
    await session.shoot("1-start", { narrow: true });
    const popup = await openSignIn({ instance: both.instance.url });
    await session.shoot("2-consent", { page: popup });
    await popup.getByRole("button", { name: "Allow" }).click();
    await visible("Connected");
    await session.shoot("3-connected", { narrow: true });
    await button("Done").click();
    await visible("Healthy");
    await button("Check connection").click();
    await visible(/The connection works/);
    await session.shoot("4-account", { narrow: true });
    expect(await accountsKept()).toBe(1);
  });

  step("refuses a trigger without its table or with one that does not exist, and keeps nothing", async () => {
    await tab("Triggers");
    await page.getByRole("link", { name: "New trigger" }).click();
    await field("Search sources").fill("new or updated");
    await page.getByRole("link", { name: /^New or Updated Record/ }).waitFor();
    await session.shoot("5-sources", { narrow: true });
    await page.getByRole("link", { name: /^New or Updated Record/ }).click();
    await button("Deploy").click();
    await visible("Choose a value for Table.");
    await field("Table").fill("no_such_table");
    await field("Table").press("Tab");
    await button("Deploy").click();
    await visible("The trigger was not deployed");
    await page
      .getByText(/no_such_table/)
      .first()
      .waitFor();
    await session.shoot("bad-table", { narrow: true });
    expect(await both.client.call("GET", "/api/triggers")).toEqual([]);
  });

  step("deploys a trigger on a table found by searching", async () => {
    await field("Table").fill("incid");
    await page.getByRole("option", { name: /^Incident \(incident\)$/ }).waitFor();
    await session.shoot("6-options", { narrow: true });
    await page.getByRole("option", { name: /^Incident \(incident\)$/ }).click();
    await page.getByRole("checkbox", { name: /Begin with some recent events/ }).uncheck();
    await session.shoot("7-form", { narrow: true });
    await button("Deploy").click();
    await page.getByRole("heading", { name: "Events" }).waitFor({ timeout: 30_000 });
    await visible("No event yet");
    await visible("Active");
    await session.shoot("8-deployed", { narrow: true });
  });

  step("shows an event live after a record was made in the instance", async () => {
    const { number } = await both.writer.create({ short_description: "Printer on fire", urgency: "1" });
    await page.getByRole("button", { name: "Run now", exact: true }).first().click();
    const row = page
      .getByRole("list", { name: "Events, newest first" })
      .getByRole("listitem")
      .filter({ hasText: number });
    await row.waitFor({ timeout: 20_000 });
    await row.locator("summary").click();
    await row
      .getByRole("treeitem", { name: /Printer on fire/ })
      .first()
      .waitFor();
    await session.shoot("9-event", { narrow: true });
    expect(await overflowX(page)).toBe(0);
  });

  step("pauses and resumes the trigger", async () => {
    await button("Pause").click();
    await visible("Paused");
    await session.shoot("10-paused");
    await button("Resume").click();
    await visible("Active");
  });

  step("runs an action, shows the new record's number, and the trigger emits it too", async () => {
    const trigger = page.url();
    await tab("Actions");
    await page.getByRole("link", { name: /^Create Table Record/ }).click();
    await field("Table").click();
    await field("Table").fill("incident");
    await page.getByRole("option", { name: /^Incident \(incident\)$/ }).click();
    await button("+ Record Data").click();
    await field("Name 1").fill("short_description");
    await field("Value of short_description").fill("Made on the page");
    await button("Run").click();
    const summary = page.getByText(/INC\d+/).first();
    await summary.waitFor({ timeout: 20_000 });
    const number = present(/INC\d+/.exec((await summary.textContent()) ?? ""))[0];
    await session.shoot("11-action", { narrow: true });
    await page.setViewportSize(narrow);
    expect(await overflowX(page)).toBe(0);
    await page.setViewportSize(wide);

    await field("Table").fill("no_such_table");
    await field("Table").press("Tab");
    await button("Run again").click();
    await visible("The action failed");
    await session.shoot("12-action-failed");
    expect(await field("Value of short_description").inputValue()).toBe("Made on the page");

    await page.goto(trigger);
    await page.getByRole("button", { name: "Run now", exact: true }).first().click();
    await page.getByRole("listitem").filter({ hasText: number }).first().waitFor({ timeout: 20_000 });
    await session.shoot("13-trigger", { narrow: true });
  });

  step("deletes the trigger, then the account, after asking", async () => {
    await button("Delete").click();
    await session.shoot("14-delete");
    await button("Delete trigger").click();
    await visible("No trigger is deployed yet");
    await tab("Accounts");
    await button("Delete").click();
    await visible("No trigger uses it.");
    await button("Delete account").click();
    await visible("No account is connected yet");
    expect(await accountsKept()).toBe(0);
  });
});

it("connects an account for another site's user behind a connect token, and says when the token is over", async () => {
  const { connect_link_url } = await both.client.call<{ connect_link_url: string }>(
    "POST",
    "/v1/connect/local/tokens",
    {
      external_user_id: "user-7",
      success_redirect_uri: `${both.instance.url}/thanks`,
    },
  );
  await page.goto(`${connect_link_url}&app=servicenow`);
  await field("Instance Name").fill(both.instance.url);
  await field("Client ID").fill("demo-client");
  await field("Client Secret").fill("demo-secret");
  await session.shoot("15-connect-link", { narrow: true });
  const opened = session.context.waitForEvent("page");
  await button("Continue to sign in").click();
  const popup = await opened;
  await popup.getByRole("button", { name: "Allow" }).click();
  await button("Done").click();
  await page.waitForURL(`${both.instance.url}/thanks**`);
  // What the other site answers there is not this page's business.
  session.complaints.length = 0;
  const accounts = await both.client.call<{ data: unknown[] }>(
    "GET",
    "/v1/connect/local/accounts?external_user_id=user-7",
  );
  expect(accounts.data).toHaveLength(1);
  await page.goto(`${both.host.url}/_static/connect.html?token=ctok_over&app=servicenow&connectLink=true`);
  await visible("This link does not work any more");
});

it("connects an account in a frame of another site, which hears of it, and so does its server", async () => {
  const told: { event: string; connect_token: string; account?: { name: string }; error?: string }[] = [];
  let link = "";
  const site = createServer((request, response) => {
    if (request.method === "POST") {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        told.push(JSON.parse(body) as (typeof told)[number]);
        response.end();
      });
      return;
    }
    response.setHeader("content-type", "text/html");
    response.end(
      `<title>Site</title><link rel="icon" href="data:,"><p id="heard"></p><iframe src="${link}" width="700" height="700"></iframe>
       <script>addEventListener("message", (e) => (document.querySelector("#heard").textContent += e.data.type + " "));</script>`,
    );
  });
  await new Promise<void>((listening) => site.listen(0, "127.0.0.1", listening));
  try {
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const { token } = await both.client.call<{ token: string }>("POST", "/v1/connect/local/tokens", {
      external_user_id: "user-8",
      allowed_origins: [origin],
      webhook_uri: `${origin}/hook`,
    });
    link = `${both.host.url}/_static/connect.html?token=${token}&app=servicenow`;
    await page.goto(origin);
    const frame = page.frameLocator("iframe");
    const connect = async (decision: string): Promise<void> => {
      await frame.getByLabel("Instance Name", { exact: true }).fill(both.instance.url);
      await frame.getByLabel("Client ID", { exact: true }).fill("demo-client");
      await frame.getByLabel("Client Secret", { exact: true }).fill("demo-secret");
      const opened = session.context.waitForEvent("page");
      await frame.getByRole("button", { name: "Continue to sign in" }).click();
      await (await opened).getByRole("button", { name: decision }).click();
    };
    await connect("Deny");
    await frame
      .getByText(/refused|denied/i)
      .first()
      .waitFor();
    await Promise.all(
      session.context
        .pages()
        .filter((other) => other !== page)
        .map((other) => other.close()),
    );
    // The browser writes the answer 400 of the page for a refused sign-in to its console.
    session.complaints.length = 0;
    await connect("Allow");
    await frame.getByRole("button", { name: "Done" }).click();
    await page.getByText("success close").waitFor();
    while (told.length < 2) await new Promise((done) => setTimeout(done, 100));
    expect(told.map(({ event }) => event).sort()).toEqual(["CONNECTION_ERROR", "CONNECTION_SUCCESS"]);
    expect(told.every(({ connect_token }) => connect_token === token)).toBe(true);
    const accounts = await both.client.call<{ data: { name: string }[] }>(
      "GET",
      "/v1/connect/local/accounts?external_user_id=user-8",
    );
    expect(accounts.data).toHaveLength(1);
    expect(told.find(({ account }) => account)?.account?.name).toBe(present(accounts.data[0]).name);
  } finally {
    site.close();
    site.closeAllConnections();
  }
});
