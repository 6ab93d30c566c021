import type { Page } from "playwright-core";
import { startBoth, type Both } from "../../scripts/demo/both";
import { incidentArrives } from "./support/workflow-runs";
import { keysOn } from "./support/keyboard";
import { focused, openBrowser, thingsOn, type Session } from "./support/open-browser";

jest.setTimeout(240_000);

let both: Both;
let session: Session;
let page: Page;

beforeAll(async () => {
  both = await startBoth(["--incidents", "50"]);
  session = await openBrowser();
  ({ page } = session);
  await page.goto(await both.client.signInLink());
}, 120_000);

afterAll(async () => {
  await session?.close();
  await both?.stop();
});

afterEach(() => expect(session.complaints.splice(0)).toEqual([]));

const { field, button, visible } = thingsOn(() => page);
const grid = () => page.getByRole("grid", { name: "Steps" });
const row = (name: RegExp) => grid().getByRole("row", { name });
const panel = () => page.getByRole("region", { name: "Settings" });
const dialog = () => page.getByRole("dialog");
const link = (name: string) => page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name });

it("connects, builds, tests, publishes and watches a workflow without a mouse", async () => {
  const { press, tabTo, enter, type } = keysOn(page);
  await both.writer.create({ short_description: "Mail is down", impact: "1", urgency: "1" });

  await enter(button("Connect account"));
  await type(field("Instance Name"), both.instance.url);
  await type(field("Client ID"), "demo-client");
  await type(field("Client Secret"), "demo-secret");
  const opened = session.context.waitForEvent("page");
  await enter(button("Continue to sign in"));
  await signIn(await opened);
  await enter(button("Done"));

  await enter(link("Workflows"));
  await enter(button("New workflow"));
  await type(field("Workflow name"), "P1 by keyboard");
  await enter(button("+ Add trigger"));
  await choose("new incident", /^New Incident/);
  await enter(button("Find recent events"));
  await visible(/events? (was|were) found/);

  await enter(button("+ Add step"));
  await choose("if", /^If \/ branch/);
  await row(/^If /).waitFor();
  await toRow(/^If steps/);
  await press("ArrowRight", "Enter");
  await choose("create table record", /^Create Table Record/);
  await panel().getByRole("heading", { name: "Create Table Record" }).waitFor();
  await type(field("Table"), "problem");
  await page.getByRole("option", { name: /^Problem \(problem\)$/ }).waitFor();
  await press("ArrowDown", "Enter");
  await enter(button("+ Record Data"));
  await type(field("Name 1"), "short_description");
  await tabTo(field("Value of short_description"));
  await insert("Record Data", "short_description");
  expect(await field("Value of short_description").inputValue()).toBe(
    "{{ steps.trigger.event.short_description }}",
  );

  await toRow(/^If steps/);
  await press("ArrowRight", "Enter");
  await choose("work note", /^Add Work Note/);
  await panel().getByRole("heading", { name: "Add Work Note" }).waitFor();
  await tabTo(field("Task"));
  await insert("Task", "sys_id");
  expect(await field("Task").inputValue()).toBe("{{ steps.trigger.event.sys_id }}");
  await type(field("Work Note"), "Seen by keyboard");

  await toRow(/^Add Work Note/);
  await press("ArrowRight");
  await focused(page, button("Drag Add Work Note"));
  await press("Enter");
  await dropAt(/and Create Table Record$/);
  expect(await order()).toEqual(["Branch", "If", "Add Work Note", "Create Table Record", "Otherwise"]);

  await enter(button("Test all"));
  await row(/^Add Work Note/)
    .getByText("Succeeded")
    .waitFor();
  await visible(/^Saved\. Nothing is missing\.$/);
  await enter(button("Publish and enable"));
  await page.getByText("Enabled", { exact: true }).waitFor();

  const id = /#\/workflows\/([^/]+)/.exec(page.url())?.[1] ?? "";
  const run = await incidentArrives(both, id, "Sign-in is down");
  expect(run.steps.map(({ path, status }) => `${path} ${status}`)).toEqual([
    "branch succeeded",
    "add_work_note succeeded",
    "create_table_record succeeded",
  ]);
  await enter(page.getByRole("link", { name: "Runs", exact: true }));
  await enter(page.getByRole("list", { name: "Runs, newest first" }).getByRole("link").first());
  const step = page.getByRole("listitem").filter({ hasText: "add_work_note" }).locator("summary").first();
  await enter(step);
  await page.getByText("Input as it was evaluated").first().waitFor();
});

/** The instance's own pages, which take the password and ask for consent. */
async function signIn(popup: Page): Promise<void> {
  const { enter, type } = keysOn(popup);
  await type(popup.getByLabel("User name"), "admin");
  await type(popup.getByLabel("Password"), "admin");
  await enter(popup.getByRole("button", { name: "Log in" }));
  await enter(popup.getByRole("button", { name: "Allow" }));
}

/** In the window that has just opened, whose search has the focus. */
async function choose(words: string, name: RegExp): Promise<void> {
  await focused(page, dialog().getByRole("searchbox", { name: "Search", exact: true }));
  await page.keyboard.type(words);
  // The best fit is chosen already.
  await dialog().locator("[data-focused]").and(dialog().getByRole("option", { name })).waitFor();
  await page.keyboard.press("Enter");
  await dialog().waitFor({ state: "detached" });
}

/** Into the list of steps and to that line. */
async function toRow(name: RegExp): Promise<void> {
  const { tabTo, press } = keysOn(page);
  await tabTo(grid().getByRole("row"));
  await press("Home");
  for (let presses = 0; presses < 20; presses++) {
    if ((await row(name).and(page.locator(":focus")).count()) > 0) return;
    await press("ArrowDown");
  }
  throw new Error(`No line ${String(name)} is reached by the arrow keys.`);
}

/** While a step is moved: to the place with this name, and drops it there. */
async function dropAt(name: RegExp): Promise<void> {
  for (let presses = 0; presses < 20; presses++) {
    const place = (await page.locator(":focus").getAttribute("aria-label")) ?? "";
    if (name.test(place)) break;
    await page.keyboard.press("ArrowUp");
  }
  expect(await page.locator(":focus").getAttribute("aria-label")).toMatch(name);
  await page.keyboard.press("Enter");
}

/** The first words of each line of the list of steps. */
const order = async (): Promise<(string | undefined)[]> =>
  (await grid().getByRole("row").allInnerTexts()).map(
    (text) => /^(If|Otherwise|Branch|Add Work Note|Create Table Record)/.exec(text.trim())?.[0],
  );

/** The path of the event's field with this name into the field that has the focus. */
async function insert(label: string, key: string): Promise<void> {
  const { enter, type, tabTo, press } = keysOn(page);
  await enter(button(`Insert data into ${label}`));
  await type(dialog().getByRole("searchbox", { name: "Search inside" }), key);
  await dialog()
    .getByRole("status")
    .getByText(/holds? “/)
    .waitFor();
  await tabTo(dialog().getByRole("tree"));
  for (let presses = 0; presses < 60; presses++) {
    if (
      (await dialog()
        .locator(`[role=treeitem][aria-selected=true]`)
        .getByText(key, { exact: true })
        .count()) > 0
    )
      break;
    await press("ArrowDown");
  }
  await press("Enter");
  await dialog().waitFor({ state: "detached" });
}
