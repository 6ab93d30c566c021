import { focused, narrow, overflowX, scrollToEnd } from "./support/open-browser";
import { useFakePage } from "./support/fake-page";

const fake = useFakePage();
const { open, field, button, visible } = fake;

describe("the form of a component", () => {
  it("shows a control for every kind of prop and sends what was entered", async () => {
    const { page, shoot } = fake.session;
    await open("actions/demo-every-prop");
    await field("Title").fill("A title");
    expect(await field("Count").inputValue()).toBe("5");
    await page.getByRole("radio", { name: "No" }).check();
    await field("State").click();
    await page.getByRole("option", { name: "Shut" }).click();
    await field("Name 1").fill("short_description");
    await field("Value of short_description").fill("Cannot log in");
    for (const name of ["Ratio", "Tags", "Payload", "Password"]) await button(`+ ${name}`).click();
    await page.getByLabel("Ratio optional").fill("0.5");
    await page.getByLabel("Tags optional").fill("one\ntwo\n");
    await page.getByLabel("Payload optional").fill('[1, {"a": null}]');
    await page.getByLabel("Password optional").fill("hidden");
    expect(await page.getByLabel("Password optional").getAttribute("type")).toBe("password");
    await shoot("form-every-prop", { narrow: true });
    await button("Run").click();
    await visible("Made one thing");
    await shoot("form-result", { narrow: true });
    expect(fake.host.lastCall("/api/action-runs")?.body).toEqual({
      id: "demo-every-prop",
      external_user_id: "local",
      configured_props: {
        demo: { authProvisionId: "apn_1" },
        title: "A title",
        count: 5,
        loud: false,
        state: { __lv: { label: "Shut", value: "2" } },
        values: { short_description: "Cannot log in" },
        ratio: 0.5,
        tags: ["one", "two"],
        payload: [1, { a: null }],
        password: "hidden",
      },
    });
  });

  it("names what is missing or wrong at each field, goes to the first, and sends nothing", async () => {
    const { page, shoot } = fake.session;
    await open("actions/demo-every-prop");
    await field("Count").fill("12");
    await button("Run").click();
    await visible("Title is missing. Fill it in.");
    await visible("Count must be at most 10, and is 12.");
    await visible("Choose a value for State.");
    await visible("4 fields are not right yet.");
    await focused(page, field("Title"));
    expect(await field("Title").getAttribute("aria-invalid")).toBe("true");
    await shoot("form-errors", { narrow: true });
    await field("Count").fill("ten");
    await visible('Count must be a whole number, and is "ten".');
    await button("Edit as JSON").click();
    await field("Values").fill('{"a": ');
    await visible(/This is not valid JSON/);
    await field("Values").fill('{"a": {"b": 1}}');
    expect(await page.getByRole("button", { name: "Edit as rows" }).isDisabled()).toBe(true);
    expect(fake.host.lastCall("/api/action-runs")).toBeUndefined();
  });

  it("keeps every value when the action fails, and shows the error with its log", async () => {
    await open("actions/demo-every-prop");
    await field("Title").fill("fail");
    await field("State").fill("Open");
    await field("Name 1").fill("a");
    await button("Run").click();
    await visible("The table “x” does not exist. Choose another table.");
    await visible("Trying");
    await fake.session.shoot("form-action-failed");
    await fake.session.page.getByRole("link", { name: "Accounts", exact: true }).click();
    await visible("Ada at demo");
    await fake.session.page.goBack();
    expect(await field("Title").inputValue()).toBe("fail");
    expect(await field("State").inputValue()).toBe("Open");
    expect(await field("Name 1").inputValue()).toBe("a");
  });

  it("loads options in pages, searches as typed, takes a text of one's own, and works by keyboard alone", async () => {
    const { page, shoot } = fake.session;
    await open("triggers/new/demo-new-thing");
    await visible("counted");
    const table = field("Table");
    await table.click();
    await page.getByRole("option", { name: "Table 1 u_table_1", exact: true }).waitFor();
    await shoot("form-options", { narrow: true });
    await scrollToEnd(page.getByRole("listbox", { name: "Choices" }));
    await page.getByRole("option", { name: "Table 51 u_table_51" }).waitFor({ state: "attached" });
    // The pointer would highlight what moves under it while the list changes.
    await page.mouse.move(0, 0);
    await table.fill("table 11");
    // The list of before goes first; it may hold Table 119 as well.
    await page
      .getByRole("option", { name: "Table 12 u_table_12", exact: true })
      .waitFor({ state: "detached" });
    await page.getByRole("option", { name: "Table 119" }).waitFor();
    await table.press("ArrowDown");
    await table.press("Enter");
    // The choice reaches the field a moment after the key; a person would not notice, a program does.
    await page.waitForFunction(`document.activeElement.value === "Table 11"`);
    await table.fill("table 77");
    await page.getByRole("option", { name: "Table 77 u_table_77" }).waitFor();

    await table.fill("x_my_table");
    await page.getByText("as it is").waitFor();
    await table.press("Tab");
    expect(await table.inputValue()).toBe("x_my_table");
    await button("+ Columns").click();
    const columns = page.getByRole("combobox", { name: "Columns optional" });
    await columns.click();
    await page.getByRole("option", { name: "state" }).click();
    await button("Remove state").waitFor();
    await page.getByRole("option", { name: "number" }).click();
    await button("Remove number").waitFor();
    await columns.press("Escape");
    await field("How many").fill("2");
    await field("Unit").selectOption("hours");
    await button("Deploy").click();
    await visible("No event yet");
    expect(fake.host.lastCall("/triggers/deploy")?.body).toMatchObject({
      id: "demo-new-thing",
      emit_on_deploy: true,
      configured_props: {
        timer: { intervalSeconds: 7200 },
        table: "x_my_table",
        columns: {
          __lv: [
            { label: "state", value: "state" },
            { label: "number", value: "number" },
          ],
        },
      },
    });
  });

  it("shows why options cannot be found, and a value can be typed all the same", async () => {
    const { page } = fake.session;
    await open("triggers/new/demo-new-thing");
    await field("Table").click();
    await page.getByRole("option", { name: "Table 2 u_table_2", exact: true }).click();
    await button("+ Columns").click();
    const columns = page.getByRole("combobox", { name: "Columns optional" });
    await columns.click();
    await visible("You may not read the columns. Type a column name.");
    await fake.session.shoot("form-options-error");
    await columns.fill("number");
    await columns.press("Tab");
    await button("Remove number").waitFor();
  });

  it("asks for the fields again when a choice changes them, and keeps the form when that fails", async () => {
    const { page } = fake.session;
    await open("actions/demo-changing-fields");
    const choose = async (kind: string) => {
      await field("Kind").click();
      await page.getByRole("option", { name: kind }).click();
    };
    await choose("box");
    await field("Width").fill("7");
    await choose("broken");
    await visible("That kind is out of stock.");
    expect(await field("Width").inputValue()).toBe("7");
    await fake.session.shoot("form-reload-failed");
    await choose("ball");
    await field("Colour").fill("red");
    await button("Run").click();
    await visible("Made one thing");
    expect(fake.host.lastCall("/api/action-runs")?.body).toMatchObject({
      dynamic_props_id: "dyp_ball",
      configured_props: { kind: "ball", colour: "red" },
    });
  });

  it("says what stands in the way of a cron schedule and sends a right one with its zone", async () => {
    await open("triggers/new/demo-new-thing");
    await field("Table").fill("u_x");
    await field("Kind of schedule").selectOption("cron");
    await fake.session.page.getByLabel("Cron expression").fill("every day");
    await button("Deploy").click();
    await visible(/it takes five fields/);
    await fake.session.page.getByLabel("Cron expression").fill("0 9 * * 1-5");
    await fake.session.page.getByLabel("Time zone").selectOption("Europe/Berlin");
    fake.host.state.failures.set("POST /v1/connect/local/triggers/deploy", {
      status: 422,
      body: { error: "The table u_x does not exist. Choose another." },
    });
    await button("Deploy").click();
    await visible("The table u_x does not exist. Choose another.");
    await fake.session.shoot("form-deploy-failed");
    fake.host.state.failures.clear();
    await button("Deploy").click();
    await visible("No event yet");
    expect(fake.host.lastCall("/triggers/deploy")?.body).toMatchObject({
      configured_props: { timer: { cron: "0 9 * * 1-5", timezone: "Europe/Berlin" }, table: "u_x" },
    });
  });

  it("fits a screen of 360 pixels", async () => {
    await fake.session.page.setViewportSize(narrow);
    for (const hash of [
      "accounts",
      "triggers",
      "triggers/new",
      "triggers/new/demo-new-thing",
      "actions/demo-every-prop",
    ]) {
      await open(hash);
      await fake.session.page.getByRole("heading", { level: 1 }).waitFor();
      expect([hash, await overflowX(fake.session.page)]).toEqual([hash, 0]);
    }
  });
});
