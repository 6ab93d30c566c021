import type { Page } from "playwright-core";
import { startBoth, type Both } from "../../scripts/demo/both";
import { connectAccount } from "../../scripts/demo/steps";
import { narrow, openBrowser, overflowX, thingsOn, wide, type Session } from "./support/open-browser";

jest.setTimeout(180_000);

let both: Both;
let session: Session;
let page: Page;

beforeAll(async () => {
  both = await startBoth(["--incidents", "50"]);
  await connectAccount(both.client, both.instance.url);
  session = await openBrowser();
  ({ page } = session);
  await page.goto(await both.client.signInLink());
}, 180_000);

afterAll(async () => {
  await session?.close();
  await both?.stop();
});

afterEach(() => expect(session.complaints.splice(0)).toEqual([]));

const { field, button, visible } = thingsOn(() => page);

const queryText = () => page.getByRole("textbox", { name: "Query optional" });

/** Types into a list and takes what then stands in it. */
async function pick(label: string, typed: string, option: string | RegExp): Promise<void> {
  await field(label).fill(typed);
  await page.getByRole("option", { name: option }).first().click();
}

/** The number of records that the instance itself counts for a query. */
async function counted(query: string): Promise<number> {
  const response = await fetch(
    `${both.instance.url}/api/now/stats/incident?sysparm_count=true&sysparm_query=${encodeURIComponent(query)}`,
    { headers: { authorization: `Basic ${Buffer.from("admin:admin").toString("base64")}` } },
  );
  const { result } = (await response.json()) as { result: { stats: { count: string } } };
  return Number(result.stats.count);
}

const matchWords = (count: number) =>
  count === 1 ? "1 record matches now" : `${count.toLocaleString("en")} records match now`;

describe("a filter that is built", () => {
  it("asks for the table first, then offers its columns with the comparisons and values they have", async () => {
    await page.goto(`${both.host.url}/#/actions/servicenow-list-records`);
    await button("+ Query").click();
    await visible("To build it in rows, first fill in Table.");
    await pick("Table", "incident", /^Incident incident$|^Incident \(incident\)$/);
    await button("+ Condition").click();
    await pick("Column of condition 1", "prior", /^Priority/);
    expect(await field("Comparison of condition 1").locator("option").allTextContents()).toEqual(
      expect.arrayContaining(["is", "is one of", "is at most", "is empty"]),
    );
    await field("Comparison of condition 1").selectOption("is one of");
    await pick("Value of condition 1", "crit", /1 - Critical/);
    await button("Remove 1 - Critical").waitFor();
    await pick("Value of condition 1", "high", /2 - High/);
    // The list stays open for further choices.
    await page.keyboard.press("Escape");
    await visible("priorityIN1,2");
    await visible(matchWords(await counted("priorityIN1,2")));
  });

  it("finds people by name, walks along references, and says how many records match and which", async () => {
    await button("+ Condition").click();
    await pick("Column of condition 2", "caller", /^Caller/);
    await button("Columns of Caller").click();
    await page
      .getByRole("option", { name: /^Active/ })
      .first()
      .click();
    await field("Value of condition 2").selectOption("true");
    await visible("priorityIN1,2^caller_id.active=true");
    await button("Or, beside condition 2").click();
    await pick("Column of condition 3", "assigned to", /^Assigned to/);
    await pick("Value of condition 3", "beth", /Beth Anglin/);
    const text = await page.locator(".filter-text code").textContent();
    expect(text).toMatch(/^priorityIN1,2\^caller_id\.active=true\^ORassigned_to=[0-9a-f]{32}$/);
    await visible(matchWords(await counted(text ?? "")));
    const first = page.locator(".filter-matches a").first();
    expect(await first.getAttribute("href")).toMatch(/\/incident\.do\?sys_id=[0-9a-f]{32}$/);
    await session.shoot("filter-builder", { narrow: true });
    await page.setViewportSize(narrow);
    expect(await overflowX(page)).toBe(0);
    await page.setViewportSize(wide);
  });

  it("holds back a run while a row is not finished, since fewer conditions find more", async () => {
    await button("+ Group: or all of these").click();
    await button("Run").click();
    await visible("A condition is not finished. Choose a column.");
    await pick("Column of condition 4", "opened", /^Opened opened_at/);
    await field("Comparison of condition 4").selectOption("is at or after");
    await field("Value of condition 4").fill("2020-01-05T10:00:00");
    await visible(/in UTC; 2020-01-05 10:00:00 UTC/);
    await visible(/\^NQopened_at>=2020-01-05 10:00:00$/);
    await button("Run").click();
    await visible(/Retrieved \d+ records? from table incident/);
  });

  it("goes to text and back without losing a letter, and leaves what has no row as text", async () => {
    await button("Edit as text").click();
    const text = await queryText().inputValue();
    await queryText().fill("active=true^ORDERBYDESCnumber");
    await button("Edit in rows").click();
    await visible("Kept as it is:");
    expect(await field("Value of condition 1").inputValue()).toBe("true");
    await button("Edit as text").click();
    expect(await queryText().inputValue()).toBe("active=true^ORDERBYDESCnumber");
    await queryText().fill("opened_atSAMEASsys_created_on");
    await visible("A part of this text has no row to show it in. It is kept as it is.");
    await visible(matchWords(await counted("opened_atSAMEASsys_created_on")));
    await queryText().fill("priorityCHANGESTO1");
    await visible(/priority/);
    await page.locator(".filter-builder .hint").waitFor();
    await queryText().fill(text);
  });

  it("offers columns and orders to pick, those of a reference after its dot", async () => {
    await button("+ Order By").click();
    await pick("Order By optional", "opened", /Opened \(opened_at\), descending/);
    await button("+ Result Fields").click();
    await pick("Result Fields optional", "caller_id.email", /caller_id\.email/);
    await button("Remove Email (caller_id.email)").waitFor();
  });

  it("is there for the query of a source, on the table of the source", async () => {
    await page.goto(`${both.host.url}/#/triggers/new/servicenow-new-incident`);
    await button("+ Query").click();
    await button("+ Condition").click();
    await pick("Column of condition 1", "urgency", /^Urgency/);
    await pick("Value of condition 1", "high", /High/);
    await visible("urgency=1");
    await visible(matchWords(await counted("urgency=1")));
  });
});
