import { readFileSync } from "node:fs";
import { useFakePage } from "./support/fake-page";
import { scrollToEnd } from "./support/open-browser";

const fake = useFakePage();
const { open, field, button, visible } = fake;

/** Runs the action whose result is so many records, and waits for its summary. */
async function showRecords(count: number): Promise<void> {
  await open("actions/demo-every-prop");
  await field("Title").fill(`records ${count}`);
  await field("State").fill("Open");
  await field("Name 1").fill("a");
  await button("Run").click();
  await visible("Found records");
}

const table = () => fake.session.page.getByRole("table", { name: "Result" });
const headers = () => table().getByRole("columnheader").allTextContents();
const cell = (text: string) => table().getByRole("cell", { name: text, exact: true });

async function download(name: string): Promise<string> {
  const begun = fake.session.page.waitForEvent("download");
  await button(name).click();
  return readFileSync(await (await begun).path(), "utf8");
}

describe("records of a result", () => {
  it("are a table with number and short description first and empty columns left out", async () => {
    await showRecords(12);
    await table().waitFor();
    expect(await headers()).toEqual([
      "number",
      "short_description",
      "state",
      "caller_id",
      "opened_at",
      "sys_id",
    ]);
    expect(await table().getAttribute("aria-rowcount")).toBe("13");
    await visible("12 records, 6 columns");
    await fake.session.shoot("viewer-table", { narrow: true });
    await field("1 empty column too").check();
    expect(await headers()).toContain("close_notes");
  });

  it("show display values, or stored ones on request, and references open the record", async () => {
    await showRecords(4);
    const reference = table().getByRole("link", { name: "Ada Lovelace" }).first();
    expect(await reference.getAttribute("href")).toBe(
      "https://dev98042.example.com/sys_user.do?sys_id=6816f79cc0a8016401c5a33be04be441",
    );
    expect(await cell("Closed").count()).toBe(2);
    await field("Stored values").check();
    await cell("7").first().waitFor();
    expect(await cell("Closed").count()).toBe(0);
    await table().getByRole("link", { name: "6816f79cc0a8016401c5a33be04be441" }).first().waitFor();
  });

  it("are searched by any value", async () => {
    await showRecords(40);
    await field("Search in Result").fill("printer 17 ");
    await visible("1 of 40 records");
    await button("INC0000017").waitFor();
    await field("Search in Result").fill("no such thing");
    await visible("0 of 40 records");
  });

  it("open one by one, and give the value and the path of a field", async () => {
    const { page } = fake.session;
    await showRecords(4);
    await button("INC0000002").click();
    const record = page.getByRole("tree", { name: "Record 3" });
    await record.getByRole("treeitem", { name: /short_description/ }).click();
    await button("Copy path").click();
    await visible("Copied");
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
      "{{ steps.demo_every_prop.$return_value.records[2].short_description }}",
    );
    await fake.session.shoot("viewer-record", { narrow: true });
    await button("Copy value").click();
    await page.waitForFunction(
      "navigator.clipboard.readText().then((text) => text === 'Printer 2 is on fire')",
    );
  });

  it("are saved as CSV that no spreadsheet runs, and as JSON", async () => {
    await showRecords(4);
    const lines = (await download("Download CSV")).split("\r\n");
    expect(lines[0]).toBe("number,short_description,state,caller_id,opened_at,sys_id");
    expect(lines[4]).toBe(
      `INC0000003,"'=HYPERLINK(""x""), ""quoted""",New,Ada Lovelace,2026-01-05 10:00:00,id3`,
    );
    expect(lines).toHaveLength(6);
    const saved = JSON.parse(await download("Download JSON")) as { records: unknown[]; complete: boolean };
    expect([saved.records.length, saved.complete]).toEqual([4, true]);
  });

  it("tells a warning of the run as one", async () => {
    await showRecords(2);
    await visible("A warning");
    await visible("Two fields were not taken over.");
  });
});

describe("a result as a tree", () => {
  it("is read with the arrow keys alone", async () => {
    const { page } = fake.session;
    await showRecords(30);
    await button("Tree").click();
    const tree = page.getByRole("tree", { name: "Result" });
    await tree.focus();
    await tree.press("ArrowRight");
    await tree.getByRole("treeitem", { name: /^0 INC0000000/ }).waitFor();
    await tree.press("ArrowRight");
    await tree.press("ArrowRight");
    await page.getByText("steps.demo_every_prop.$return_value.records[0].number").waitFor();
    await tree.press("ArrowLeft");
    await page.getByText("steps.demo_every_prop.$return_value.records[0]", { exact: true }).waitFor();
    await fake.session.shoot("viewer-tree", { narrow: true });
    await tree.press("End");
    await page.getByText("steps.demo_every_prop.$return_value.complete").waitFor();
  });

  it("is searched, and the first line that is found is shown", async () => {
    await showRecords(300);
    await button("Tree").click();
    await field("Search in Result").fill("printer 250");
    await visible("1 line holds “printer 250”.");
    await fake.session.page
      .getByRole("treeitem", { name: /short_description.*Printer 250 is on fire/ })
      .waitFor();
    await visible("steps.demo_every_prop.$return_value.records[250].short_description");
  });
});

it("a result of 20,000 records scrolls and is searched without a task that holds the page up", async () => {
  const { page } = fake.session;
  await showRecords(20_000);
  await table().waitFor();
  await page.evaluate(`
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: "longtask" });
  `);
  const box = page.getByRole("group", { name: "Result, scrollable" });
  await scrollToEnd(box);
  await button("INC0019999").waitFor();
  expect(await table().getByRole("row").count()).toBeLessThan(60);
  await field("Search in Result").pressSequentially("printer 19999");
  await visible("1 of 20000 records");
  await button("Tree").click();
  const tree = page.getByRole("tree", { name: "Result" });
  await tree.press("ArrowRight");
  await tree.press("End");
  await visible("steps.demo_every_prop.$return_value.complete");
  // What was shown at once before held the page up for more than a minute; the limit leaves room for a busy machine.
  expect(Number(await page.evaluate("window.longest"))).toBeLessThan(3_000);
});
