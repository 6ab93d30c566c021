import { account } from "./support/fake-host";
import { useFakePage } from "./support/fake-page";
import { focused } from "./support/open-browser";

const fake = useFakePage();
const { open, field, button, visible } = fake;

const demo = {
  app: "demo",
  name: "demo instance",
  address: "http://127.0.0.1:3001",
  fields: { instance_name: "http://127.0.0.1:3001", client_id: "demo-client", client_secret: "demo-secret" },
  user: "admin",
  password: "admin",
};

describe("the first visit", () => {
  beforeEach(() => {
    fake.host.state.accounts = [];
    fake.host.state.demo = demo;
  });

  it("offers the demo instance with everything filled in, and the way there as three steps", async () => {
    await open("accounts");
    await visible("Try it with the demo instance");
    const steps = fake.session.page.getByRole("list", { name: "First steps" }).getByRole("listitem");
    expect(await steps.count()).toBe(3);
    expect(await steps.first().getAttribute("aria-current")).toBe("step");
    await fake.session.shoot("first-visit", { narrow: true });
    await button("Use the demo instance").click();
    await field("Client secret").waitFor();
    for (const [label, value] of [
      ["Instance name", demo.address],
      ["Client ID", "demo-client"],
      ["Client secret", "demo-secret"],
    ] as const)
      expect([label, await field(label).inputValue()]).toEqual([label, value]);
    const opened = fake.session.context.waitForEvent("page");
    await button("Continue to sign in").click();
    await (await opened).waitForURL("**/fake-sign-in");
    expect((await fake.host.called("POST", "/api/connect-attempts")).body).toEqual({
      app: "demo",
      fields: demo.fields,
    });
    fake.host.state.accounts.push(account("apn_2", "Admin at demo"));
    fake.host.state.attempts.set("att_1", {
      id: "att_1",
      status: "succeeded",
      account: { id: "apn_2", name: "Admin at demo" },
    });
    await button("Done").click();
    await fake.session.page
      .getByRole("listitem", { name: "Connect an account (done)" })
      .or(steps.first())
      .first()
      .waitFor();
    await visible("Admin at demo");
    // The button that opened the window is gone, so the focus is at the heading and not lost.
    await focused(fake.session.page, fake.session.page.getByRole("heading", { level: 1, name: "Accounts" }));
    expect(await steps.nth(1).getAttribute("aria-current")).toBe("step");
  });
});

describe("the connect window", () => {
  it("begins at the first field, and gives the focus back to what opened it", async () => {
    await open("accounts");
    await button("Reconnect").click();
    await focused(fake.session.page, field("Instance name"));
    await fake.session.page.keyboard.press("Escape");
    await focused(fake.session.page, button("Reconnect"));
  });

  it("says whom it waits for and how long, and stops waiting when asked", async () => {
    fake.host.state.hanging.add("POST /api/connect-attempts");
    await open("accounts");
    await button("Reconnect").click();
    await field("Instance name").fill("dev98042");
    await button("Continue to sign in").click();
    await visible(/Waiting for dev98042 to answer… [1-9]/);
    await fake.session.shoot("connect-slow", { narrow: true });
    await button("Stop waiting").click();
    await button("Continue to sign in").waitFor();
    expect(await field("Instance name").inputValue()).toBe("dev98042");
    expect(fake.session.context.pages()).toHaveLength(1);
  });
});

describe("the list of components", () => {
  it("is grouped, searched by other words, and says when nothing fits", async () => {
    await open("actions");
    await field("Search actions").fill("every prop");
    await visible("1 action");
    await fake.session.shoot("actions-search", { narrow: true });
    await field("Search actions").fill("zebra");
    await visible("No action matches “zebra”");
    await button("Show all").click();
    await visible("2 actions");
  });
});
