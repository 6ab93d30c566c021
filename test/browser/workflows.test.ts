import { startBoth, type Both } from "../../scripts/demo/both";
import { connectAccount } from "../../scripts/demo/steps";
import { openBrowser, overflowX, narrow, thingsOn, wide, type Session } from "./support/open-browser";
import { incidentArrives } from "./support/workflow-runs";
import type { Page } from "playwright-core";

jest.setTimeout(240_000);

let both: Both;
let session: Session;
let page: Page;

beforeAll(async () => {
  both = await startBoth(["--incidents", "50"]);
  session = await openBrowser();
  ({ page } = session);
  await page.goto(await both.client.signInLink());
  await connectAccount(both.client, both.instance.url);
}, 120_000);

afterAll(async () => {
  await session?.close();
  await both?.stop();
});

afterEach(() => expect(session.complaints.splice(0)).toEqual([]));

const { field, button, visible } = thingsOn(() => page);
const steps = () => page.getByRole("grid", { name: "Steps" });
const search = () => page.getByRole("searchbox", { name: "Search", exact: true });
const panel = () => page.getByRole("region", { name: "Settings" });
const saved = () => visible(/^Saved\. Nothing is missing\.$/);

const idInAddress = (): string => /#\/workflows\/([^/]+)/.exec(page.url())![1]!;

it("builds, tests and publishes a workflow with the mouse, and shows its run", async () => {
  await both.writer.create({ short_description: "Mail is down", impact: "1", urgency: "1" });
  await page.getByRole("navigation").getByRole("link", { name: "Workflows" }).click();
  await visible("No workflow yet");
  await session.shoot("20-workflows", { narrow: true });
  await button("New workflow").click();
  await field("Workflow name").fill("P1 to problem");

  await button("+ Add trigger").click();
  await search().fill("new incident");
  await session.shoot("21-choose", { narrow: true });
  await page
    .getByRole("option", { name: /^New Incident/ })
    .first()
    .click();
  await button("Find recent events").click();
  await visible(/events? (was|were) found/);
  await session.shoot("22-trigger", { narrow: true });

  await button("+ Add step").click();
  await search().fill("if");
  await page.getByRole("option", { name: /^If \/ branch/ }).click();
  await steps().getByRole("row", { name: /^If / }).waitFor();
  await button("Add step: If steps.trigger.event.priority === '1'").click();
  await search().fill("create table record");
  await page.getByRole("option", { name: /^Create Table Record/ }).click();
  await panel().getByRole("heading", { name: "Create Table Record" }).waitFor();
  await field("Table").fill("problem");
  await page.getByRole("option", { name: /^Problem \(problem\)$/ }).click();
  await button("+ Record Data").click();
  await field("Name 1").fill("short_description");
  await field("Value of short_description").click();
  await button("Insert data into Record Data").click();
  await page.getByRole("treeitem", { name: /^.?short_description/ }).click();
  await session.shoot("23-picker", { narrow: true });
  await page.getByRole("dialog").getByRole("button", { name: "Insert", exact: true }).click();
  expect(await field("Value of short_description").inputValue()).toBe(
    "{{ steps.trigger.event.short_description }}",
  );
  await button("Test this step").click();
  await panel().getByRole("region", { name: "Test result" }).getByText("Succeeded").waitFor();
  await session.shoot("24-step", { narrow: true });

  await button("Add step: If steps.trigger.event.priority === '1'").click();
  await search().fill("work note");
  await page.getByRole("option", { name: /^Add Work Note/ }).click();
  await panel().getByRole("heading", { name: "Add Work Note" }).waitFor();
  await fillNote();
  await button("Test all").click();
  await steps()
    .getByRole("row", { name: /^Add Work Note/ })
    .getByText("Succeeded")
    .waitFor();
  await saved();
  await drag("Add Work Note", "Otherwise");
  const line = (at: number) => steps().getByRole("row").nth(at).filter({ hasText: "Add Work Note" });
  await line(4).waitFor();
  await button("Move up").click();
  await line(3).waitFor();
  await saved();
  await session.shoot("25-built", { narrow: true });
  await page.setViewportSize(narrow);
  expect(await overflowX(page)).toBe(0);
  await page.setViewportSize(wide);

  await button("YAML").click();
  await page.getByRole("textbox", { name: "Workflow as YAML" }).waitFor();
  await session.shoot("26-yaml", { narrow: true });
  await button("Steps").click();
  await button("Publish and enable").click();
  await page.getByText("Enabled", { exact: true }).waitFor();

  const run = await incidentArrives(both, idInAddress(), "Sign-in is down");
  expect(run.status).toBe("succeeded");
  expect(run.steps.map(({ path, status }) => `${path} ${status}`)).toEqual([
    "branch succeeded",
    "create_table_record succeeded",
    "add_work_note succeeded",
  ]);
  await page.getByRole("link", { name: "Runs", exact: true }).click();
  await page.getByRole("list", { name: "Runs, newest first" }).getByRole("link").first().waitFor();
  await session.shoot("27-runs", { narrow: true });
  await page.goto(`${both.host.url}/#/workflows/${idInAddress()}/runs/${run.id}`);
  await page
    .getByRole("listitem")
    .filter({ hasText: "create_table_record" })
    .locator("summary")
    .first()
    .click();
  await page.getByText("Input as it was evaluated").first().waitFor();
  await session.shoot("28-run", { narrow: true });
});

/** Drags a step by its handle, where the line itself takes the pointer, to just below a line of the list. Both must be in view. */
async function drag(step: string, below: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 1400 });
  const row = (name: string) => steps().getByRole("row", { name: new RegExp(`^${name}`) });
  const size = await row(below).boundingBox();
  await row(step).dragTo(row(below), {
    sourcePosition: { x: 24, y: 20 },
    targetPosition: { x: 60, y: (size?.height ?? 30) - 3 },
  });
  await page.setViewportSize(wide);
}

/** The note on the incident of the event, with the number that the step before gave. */
async function fillNote(): Promise<void> {
  await button("Insert data into Task").click();
  await page.getByRole("dialog").getByRole("searchbox", { name: "Search inside" }).fill("sys_id");
  await page.getByRole("treeitem", { name: /^.?sys_id/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Insert", exact: true }).click();
  expect(await field("Task").inputValue()).toBe("{{ steps.trigger.event.sys_id }}");
  await field("Work Note").fill("Made ");
  await field("Work Note").press("End");
  await button("Insert data into Work Note").click();
  await page.getByRole("dialog").getByLabel("From").selectOption({ label: "create_table_record" });
  await page.getByRole("dialog").getByRole("searchbox", { name: "Search inside" }).fill("number");
  await page
    .getByRole("treeitem", { name: /^.?number/ })
    .first()
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Insert", exact: true }).click();
  expect(await field("Work Note").inputValue()).toBe(
    "Made {{ steps.create_table_record.$return_value.number }}",
  );
}
