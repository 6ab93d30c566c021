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
let answers: number[] = [];
const received: string[] = [];

beforeAll(async () => {
  both = await startBoth(["--incidents", "50"]);
  session = await openBrowser();
  ({ page } = session);
  await page.goto(await both.client.signInLink());
  account = await connectAccount(both.client, both.instance.url);
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
