import { join } from "node:path";
import { statSync } from "node:fs";
import { chromium } from "playwright-core";
import { ensureBrowser } from "./browser";
import { startBoth, type Both } from "./demo/both";
import { connectAccount } from "./demo/steps";

const target = join(__dirname, "..", "docs", "images", "page.png");
const mostBytes = 250_000;

/** Makes the README's picture of the page: a deployed trigger with its events, of the demo data. Run: `npm run screenshots`. */
async function main(): Promise<void> {
  const both = await startBoth();
  try {
    const triggerId = await prepare(both);
    const browser = await chromium.launch({
      executablePath: ensureBrowser(),
      args: ["--no-sandbox", "--disable-gpu"],
    });
    const page = await browser.newPage({
      viewport: { width: 1200, height: 760 },
      locale: "en-GB",
      timezoneId: "UTC",
    });
    await page.goto(await both.client.signInLink());
    await page.goto(`${both.host.url}/#/triggers/${triggerId}`);
    const rows = page.getByRole("list", { name: "Events, newest first" }).getByRole("listitem");
    await rows.nth(3).locator("summary").click();
    await page.getByText("Live", { exact: true }).waitFor();
    await page.screenshot({ path: target });
    await browser.close();
    const { size } = statSync(target);
    if (size > mostBytes)
      throw new Error(`${target} has ${size} bytes; the README's picture may have ${mostBytes}.`);
    console.log(`${target}: ${size} bytes`);
  } finally {
    await both.stop();
  }
}

/** An account and a trigger with some events, made over HTTP. Gives the trigger's id. */
async function prepare({ instance, client, writer }: Both): Promise<string> {
  const account = await connectAccount(client, instance.url);
  const trigger = await client.call<{ data: { id: string } }>("POST", "/v1/connect/local/triggers/deploy", {
    id: "servicenow-new-or-updated-record",
    external_user_id: "local",
    emit_on_deploy: false,
    configured_props: {
      servicenow: { authProvisionId: account.id },
      timer: { intervalSeconds: 300 },
      table: { __lv: { label: "Incident (incident)", value: "incident" } },
      fields: ["number", "short_description", "priority", "state", "assigned_to"],
    },
  });
  const { id } = trigger.data;
  const incidents = [
    "Cannot log in to the expense portal",
    "Printer on floor 3 is on fire",
    "VPN drops every ten minutes",
  ];
  for (const short_description of incidents) await writer.create({ short_description, urgency: "1" });
  await client.call("POST", `/api/triggers/${id}/run`);
  const first = writer.log[0]!;
  await writer.update(first.sys_id, { short_description: `${incidents[0]} since this morning` });
  await client.call("POST", `/api/triggers/${id}/run`);
  return id;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
