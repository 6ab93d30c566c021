import { useFakePage } from "./support/fake-page";

const fake = useFakePage();
const { open, field, button, visible } = fake;

beforeEach(() => {
  fake.host.state.triggers = [
    {
      id: "dc_1",
      name: "Incidents",
      component_key: "demo-new-thing",
      component_name: "New Thing",
      account: { id: "apn_1", name: "Ada at demo", healthy: true },
      active: true,
      schedule: { intervalSeconds: 900 },
      configured_props: {
        demo: { authProvisionId: "apn_1" },
        timer: { intervalSeconds: 7200 },
        table: { __lv: { label: "Incident", value: "incident" } },
        columns: { __lv: [{ label: "State", value: "state" }] },
      },
      created_at: Date.now(),
      last_run: null,
      next_run_at: Date.now() + 600_000,
      event_count: 3,
    },
  ];
});

const path = "/v1/connect/local/deployed-triggers/dc_1";

describe("a deployed trigger", () => {
  it("is edited in the form it was deployed with; only its settings are sent", async () => {
    await open("triggers/dc_1");
    await fake.session.page.getByRole("link", { name: "Edit" }).click();
    await fake.session.page.getByRole("heading", { level: 1, name: "Edit Incidents" }).waitFor();
    expect(await fake.session.page.title()).toBe("Edit Incidents · Workflow host");
    await field("Table").waitFor();
    expect(await field("Table").inputValue()).toBe("Incident");
    expect([await field("How many").inputValue(), await field("Unit").inputValue()]).toEqual(["2", "hours"]);
    await button("Remove State").waitFor();
    await visible("Its events stay, and what it has already seen stays known.");
    await fake.session.shoot("trigger-edit", { narrow: true });
    await field("How many").fill("3");
    await button("Save").click();
    await fake.session.page.waitForURL(/#\/triggers\/dc_1$/);
    expect((await fake.host.called("PUT", path)).body).toEqual({
      configured_props: {
        demo: { authProvisionId: "apn_1" },
        timer: { intervalSeconds: 10_800 },
        table: { __lv: { label: "Incident", value: "incident" } },
        columns: { __lv: [{ label: "State", value: "state" }] },
      },
    });
  });

  it("keeps what was entered when the settings are refused, and over a reload", async () => {
    fake.host.state.failures.set(`PUT ${path}`, {
      status: 400,
      body: { error: "timer must be slower.", problems: [{ prop: "timer", message: "must be slower" }] },
    });
    await open("triggers/dc_1/edit");
    await field("How many").fill("5");
    await button("Save").click();
    await visible("The trigger goes on with the settings from before.");
    await visible("Schedule must be slower.");
    await fake.session.page.reload();
    await field("How many").waitFor();
    expect(await field("How many").inputValue()).toBe("5");
  });

  it("is duplicated with its settings under a name of its own", async () => {
    await open("triggers/dc_1");
    await fake.session.page.getByRole("link", { name: "Duplicate" }).click();
    await field("Table").waitFor();
    expect(await field("Table").inputValue()).toBe("Incident");
    expect(await fake.session.page.getByLabel("Trigger name").inputValue()).toBe("Incidents (copy)");
    await button("Deploy").click();
    await fake.session.page.waitForURL(/#\/triggers\/dc_2$/);
    expect((await fake.host.called("POST", "/v1/connect/local/triggers/deploy")).body).toMatchObject({
      id: "demo-new-thing",
      configured_props: { timer: { intervalSeconds: 7200 }, table: { __lv: { value: "incident" } } },
    });
  });
});

describe("an action that is being filled in", () => {
  it("keeps its fields over a reload, and no secret among them", async () => {
    const { page } = fake.session;
    await open("actions/demo-every-prop");
    await field("Title").fill("Half a thought");
    await button("+ Password").click();
    await page.getByLabel("Password optional").fill("hunter2hunter2");
    await page.reload();
    await field("Title").waitFor();
    expect(await field("Title").inputValue()).toBe("Half a thought");
    expect(await page.getByLabel("Password optional").inputValue()).toBe("");
    expect(await page.evaluate("JSON.stringify({ ...sessionStorage, ...localStorage })")).not.toContain(
      "hunter2",
    );
  });
});
