import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { startBoth, type Both } from "../../scripts/demo/both";
import { connectAccount } from "../../scripts/demo/steps";
import { present } from "../helpers/present";
import { openBrowser, overflowX, narrow, thingsOn, wide, type Session } from "./support/open-browser";

jest.setTimeout(240_000);

let both: Both;
let session: Session;
let page: Page;
let account: { id: string };
let receiver: Server;
let workflow: { id: string };
let answers: number[] = [];
const received: string[] = [];

beforeAll(async () => {
  both = await startBoth(["--incidents", "50"]);
  session = await openBrowser();
  ({ page } = session);
  account = await connectAccount(both.client, both.instance.url);
  await page.goto(await both.client.signInLink());
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const status = answers.shift() ?? 200;
      if (status === 200) received.push((JSON.parse(body) as { number: string }).number);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, "127.0.0.1", listening));
}, 120_000);

afterAll(async () => {
  await session?.close();
  await both?.stop();
  receiver?.close();
});

afterEach(() => expect(session.complaints.splice(0)).toEqual([]));

const { field, button, visible } = thingsOn(() => page);
const open = (...parts: string[]) => page.goto(`${both.host.url}/#/${parts.join("/")}`);
const result = () => page.getByRole("region", { name: "Result" });
const runs = () => page.getByRole("list", { name: "Runs, newest first" }).getByRole("listitem");

it("keeps each run of an action: shown after a reload, listed, found, opened, repeated and opened in the form", async () => {
  await open("actions", "servicenow-create-table-record");
  await field("Table").fill("problem");
  await page.getByRole("option", { name: /^Problem \(problem\)$/ }).click();
  await button("+ Record Data").click();
  await field("Name 1").fill("short_description");
  await field("Value of short_description").fill("Kept run");
  await button("Run").click();
  await result().getByText("Done").waitFor();
  await page.reload();
  await result().getByText("Done").waitFor();
  expect(await field("Value of short_description").inputValue()).toBe("Kept run");

  await field("Table").fill("no_such_table");
  await field("Table").press("Tab");
  await button("Run again").click();
  await result().getByText("The action failed").waitFor();

  await page.getByRole("navigation").getByRole("link", { name: "Actions" }).click();
  await page.getByRole("link", { name: "Runs", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Runs of actions" }).waitFor();
  await runs().nth(1).waitFor();
  await session.shoot("30-action-runs", { narrow: true });
  await page.getByLabel("State").selectOption("Failed");
  await runs().filter({ hasText: "Succeeded" }).first().waitFor({ state: "detached" });
  expect(await runs().count()).toBe(1);
  await page.getByLabel("State").selectOption("Any state");
  await page.getByRole("searchbox").fill("no words like these");
  await visible("No run matches.");
  await page.getByRole("searchbox").fill("PRB");
  await runs().getByRole("link").first().click();

  await page.getByRole("heading", { level: 1, name: "Run of Create Table Record" }).waitFor();
  await result().getByText("Done").waitFor();
  await session.shoot("31-action-run", { narrow: true });
  const first = page.url();
  await button("Repeat").click();
  await page.getByRole("link", { name: "repeats an earlier run" }).waitFor();
  expect(page.url()).not.toBe(first);
  await result().getByText("Done").waitFor();
  await page.getByRole("link", { name: "Open in the form" }).click();
  await field("Value of short_description").waitFor();
  expect(await field("Value of short_description").inputValue()).toBe("Kept run");
  await page.getByText("Copy as…").click();
  for (const [name, said] of [
    ["Command line", /^npm run component -- servicenow-create-table-record .*Kept run/],
    ["curl", /^curl -s http.*actions\/run/],
    ["SDK code", /^const result = await client\.actions\.run\(/],
    [
      "Workflow step",
      /^- namespace: servicenow_create_table_record\n {2}uses: servicenow-create-table-record/,
    ],
  ] as const) {
    await button(name).click();
    expect(await page.evaluate<string>("navigator.clipboard.readText()")).toMatch(said);
  }
});

it("tries a source before it is deployed", async () => {
  for (const text of ["One", "Two", "Three", "Four"])
    await both.writer.create({ short_description: text, impact: "1", urgency: "1" });
  await open("triggers", "new", "servicenow-new-incident");
  await button("Test").click();
  const samples = page.getByRole("list", { name: "Sample events" }).getByRole("listitem");
  await samples.first().waitFor();
  expect(await samples.count()).toBe(3);
  await samples.first().locator("summary").click();
  await samples
    .first()
    .getByRole("treeitem", { name: /^.?number/ })
    .waitFor();
  await session.shoot("32-sample-events", { narrow: true });
  expect(await both.client.call("GET", "/api/triggers")).toEqual([]);
});

it("shows a trigger's receivers with what fails, sends events again, and begins a workflow with it", async () => {
  const { data } = await both.client.call<{ data: { id: string } }>(
    "POST",
    "/v1/connect/local/triggers/deploy",
    {
      id: "servicenow-new-incident",
      external_user_id: "local",
      configured_props: {
        servicenow: { authProvisionId: account.id },
        timer: { intervalSeconds: 900 },
      },
    },
  );
  await open("triggers", data.id);
  await button("Add receiver").click();
  await field("Address").fill("nowhere");
  await button("Add").click();
  await page.getByRole("dialog").locator(".field-error").waitFor();
  await field("Address").fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`);
  await button("Add").click();
  await visible("The signing key is shown once");
  await visible(/^whk_/);
  await session.shoot("33-signing-key", { narrow: true });
  await button("I have it").click();
  expect(await page.getByText(/whk_/).count()).toBe(0);

  const first = await eventArrives("Sent on");
  await arrived([first.number]);
  await first.row.locator("summary").click();
  await first.row.getByRole("button", { name: "Replay this event" }).click();
  await visible("1 delivery on the way.");
  await arrived([first.number, first.number]);

  answers = [503];
  await eventArrives("Not taken");
  await visible("Failing");
  await session.shoot("34-receiver-failing", { narrow: true });
  await page.setViewportSize(narrow);
  expect(await overflowX(page)).toBe(0);
  await page.setViewportSize(wide);

  await button("Use in a workflow").click();
  await page.getByRole("heading", { level: 1, name: /workflow$/ }).waitFor();
  const id = present(/#\/workflows\/([^/]+)/.exec(page.url()))[1];
  const made = await both.client.call<{ draft: { definition: { triggers: unknown[] } } }>(
    "GET",
    `/api/workflows/${id}`,
  );
  expect(made.draft.definition.triggers).toMatchObject([
    { uses: "servicenow-new-incident", props: { servicenow: {}, timer: { intervalSeconds: 900 } } },
  ]);
});

it("shows each attempt of a step, goes on with a run that waits, repeats it from a step, and cancels it", async () => {
  const code = (namespace: string, body: string, more: object = {}) => ({
    namespace,
    code: `export default defineComponent({ async run({ steps, $ }) { ${body} } })`,
    ...more,
  });
  workflow = await both.client.call<{ id: string }>("POST", "/api/workflows", {
    name: "Waits for a yes",
    enabled: true,
    triggers: [{ id: "call", uses: "http" }],
    steps: [
      code(
        "flaky",
        `if ($.context.attempt < 3) throw new Error("Busy, try " + $.context.attempt); return 1;`,
        {
          retry: { attempts: 3, delaySeconds: 0.1 },
        },
      ),
      code("ask", `$.flow.suspend(3_600_000);`),
      code("last", `return "said yes";`),
    ],
  });
  const run = await both.client.call<{ id: string }>("POST", `/api/workflows/${workflow.id}/runs`, {
    event: { number: "INC7" },
  });
  await open("workflows", workflow.id, "runs", run.id);
  const step = (name: string) =>
    page
      .getByRole("list", { name: "Steps in their order" })
      .locator("> li")
      .filter({ has: page.locator("summary", { hasText: new RegExp(name) }) });
  await step("ask").getByText("Waiting", { exact: true }).waitFor();
  await step("flaky").locator("summary").first().click();
  const attempts = step("flaky").getByRole("list", { name: "Earlier attempts" }).locator("> li");
  expect(await attempts.locator("summary").allInnerTexts()).toEqual([
    expect.stringMatching(/Attempt 1\s+Busy, try 1/),
    expect.stringMatching(/Attempt 2\s+Busy, try 2/),
  ]);
  await session.shoot("35-attempts", { narrow: true });
  await step("ask").locator("summary").first().click();
  await step("ask").getByRole("button", { name: "Resume", exact: true }).click();
  await step("last").getByText("Succeeded").waitFor();
  await step("last").locator("summary").first().click();
  await page.getByRole("button", { name: /^Repeat from here ?: ?last$/ }).click();
  await page.getByRole("link", { name: "of an earlier run" }).waitFor();
  await step("last").getByText("Succeeded").waitFor();
  expect(await step("flaky").count()).toBe(1);

  await button("Repeat").click();
  await step("ask").getByText("Waiting", { exact: true }).waitFor();
  await button("Cancel").click();
  await page.locator(".facts-row").getByText("Cancelled").waitFor();
});

it("shows the steps of a long loop in parts", async () => {
  const made = await both.client.call<{ id: string }>("POST", "/api/workflows", {
    name: "Many items",
    enabled: true,
    triggers: [{ id: "call", uses: "http" }],
    steps: [
      {
        namespace: "each",
        forEach: "{{ Array.from({ length: 210 }, (_, at) => at) }}",
        concurrency: 50,
        steps: [{ namespace: "nap", if: "{{ false }}", delay: 60 }],
      },
    ],
  });
  const run = await both.client.call<{ id: string }>("POST", `/api/workflows/${made.id}/runs`, { event: {} });
  await open("workflows", made.id, "runs", run.id);
  await page.locator(".facts-row").getByText("Succeeded").waitFor({ timeout: 120_000 });
  const shown = page.getByRole("list", { name: "Steps in their order" }).locator("> li");
  await visible("11 are not shown yet.");
  expect(await shown.count()).toBe(200);
  await button("Show more steps").click();
  await button("Show more steps").waitFor({ state: "detached" });
  expect(await shown.count()).toBe(211);
});

it("is readable in the dark, wide and narrow", async () => {
  const dark = await openBrowser({ browser: session.browser, colorScheme: "dark" });
  try {
    await dark.page.goto(await both.client.signInLink());
    const { data } = await both.client.call<{ data: { id: string }[] }>(
      "GET",
      "/v1/connect/local/deployed-triggers?external_user_id=local",
    );
    const runsOf = await both.client.call<{ id: string }[]>("GET", `/api/workflows/${workflow.id}/runs`);
    for (const [name, parts, heading] of [
      ["action-runs", ["actions", "runs"], "Runs of actions"],
      ["trigger", ["triggers", present(data[0]).id], "New Incident"],
      ["workflows", ["workflows"], "Workflows"],
      ["builder", ["workflows", workflow.id], "Waits for a yes"],
      ["runs", ["workflows", workflow.id, "runs"], "Waits for a yes"],
      ["run", ["workflows", workflow.id, "runs", present(runsOf[0]).id], "Run of Waits for a yes"],
      ["versions", ["workflows", workflow.id, "versions"], "Waits for a yes"],
    ] as const) {
      await dark.page.goto(`${both.host.url}/#/${parts.join("/")}`);
      await dark.page.getByRole("heading", { level: 1, name: heading }).waitFor();
      await dark.page.locator(".waiting").first().waitFor({ state: "detached" });
      await dark.shoot(`dark-${name}`, { narrow: true });
      await dark.page.setViewportSize(narrow);
      expect([name, await overflowX(dark.page)]).toEqual([name, 0]);
      await dark.page.setViewportSize(wide);
    }
    expect(dark.complaints).toEqual([]);
  } finally {
    await dark.close();
  }
});

/** Makes an incident, lets the trigger find it, and gives its number and its line in the list of events. */
async function eventArrives(text: string) {
  const { number } = await both.writer.create({ short_description: text, impact: "1", urgency: "1" });
  await page.getByRole("button", { name: "Run now", exact: true }).first().click();
  const row = page
    .getByRole("list", { name: "Events, newest first" })
    .getByRole("listitem")
    .filter({ hasText: number });
  await row.waitFor();
  return { number, row };
}

/** Resolves once the receiver has got the events of these incidents, and no others. */
async function arrived(numbers: string[]): Promise<void> {
  for (let look = 0; look < 300 && received.length < numbers.length; look++)
    await new Promise((again) => setTimeout(again, 100));
  expect(received).toEqual(numbers);
}
