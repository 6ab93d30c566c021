import { createServer, type Server } from "node:http";
import { readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { startBoth, type Both } from "../../../scripts/demo/both";
import { connectAccount } from "../../../scripts/demo/steps";
import { InstanceWriter } from "../../../scripts/demo/instance-writer";
import { until } from "../host";

jest.setTimeout(240_000);

const folder = join(__dirname, "../../../host/templates");

interface Run {
  id: string;
  status: string;
  error: { message: string } | null;
  steps: { path: string; status: string; return_value: unknown }[];
}
interface Workflow {
  id: string;
  triggers: { id: string; trigger_id?: string; endpoint?: string }[];
}
interface Received {
  path: string;
  type: string | undefined;
  body: string;
}

let both: Both;
let account: string;
let receiver: Server;
let receiverUrl: string;
const received: Received[] = [];

beforeAll(async () => {
  both = await startBoth(["--incidents", "50"]);
  account = (await connectAccount(both.client, both.instance.url)).name;
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ path: request.url ?? "", type: request.headers["content-type"], body });
      response.setHeader("content-type", "application/json");
      response.end('{"reply":"Heard. We are on it."}');
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, "127.0.0.1", listening));
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  for (const [name, path] of [
    ["PAGER_URL", "pager"],
    ["ESCALATION_URL", "escalation"],
    ["REPORT_URL", "report"],
    ["WEBHOOK_URL", "webhook"],
  ] as const)
    await both.client.call("PUT", `/api/variables/${name}`, { value: `${receiverUrl}/${path}` });
}, 180_000);

afterAll(async () => {
  receiver?.close();
  receiver?.closeAllConnections();
  await both?.stop();
});

/** Makes and enables the workflow of a template, with the account of the test and, where said, other texts. */
async function use(name: string, replace: Record<string, string> = {}): Promise<Workflow> {
  let yaml = readFileSync(join(folder, `${name}.yaml`), "utf8").replaceAll(
    "account: my-servicenow",
    `account: ${JSON.stringify(account)}`,
  );
  for (const [from, to] of Object.entries(replace)) {
    expect(yaml).toContain(from);
    yaml = yaml.replaceAll(from, to);
  }
  const answer = await fetch(`${both.host.url}/api/workflows`, {
    method: "POST",
    headers: { authorization: `Bearer ${both.client.token}`, "content-type": "application/yaml" },
    body: yaml,
  });
  if (!answer.ok) throw new Error(await answer.text());
  const workflow = (await answer.json()) as Workflow;
  await both.client.call("POST", `/api/workflows/${workflow.id}/enable`);
  return workflow;
}

const runsOf = (id: string): Promise<Run[]> => both.client.call<Run[]>("GET", `/api/workflows/${id}/runs`);
const runOf = (id: string): Promise<Run> => both.client.call<Run>("GET", `/api/runs/${id}`);

/** Looks for new events now, instead of at the next turn of the schedule. */
async function poll({ triggers }: Workflow): Promise<void> {
  const run = await both.client.call<{ status: string; error: unknown }>(
    "POST",
    `/api/triggers/${triggers[0]?.trigger_id}/run`,
  );
  expect(run).toMatchObject({ status: "ok" });
}

/** The newest run once it has ended. */
const ended = (workflow: Workflow): Promise<Run> =>
  until(
    "the run ends",
    async () => {
      const [newest] = await runsOf(workflow.id);
      return newest && /succeeded|failed|cancelled/.test(newest.status) ? runOf(newest.id) : undefined;
    },
    90_000,
  );

async function table<T = Record<string, string>>(name: string, query: string): Promise<T[]> {
  const response = await fetch(
    `${both.instance.url}/api/now/table/${name}?sysparm_exclude_reference_link=true&sysparm_query=${encodeURIComponent(query)}`,
    { headers: { authorization: `Basic ${btoa("admin:admin")}` } },
  );
  return ((await response.json()) as { result: T[] }).result;
}

async function write(
  method: string,
  path: string,
  values: Record<string, string>,
): Promise<Record<string, string>> {
  const response = await fetch(`${both.instance.url}/api/now/table/${path}`, {
    method,
    headers: { authorization: `Basic ${btoa("admin:admin")}`, "content-type": "application/json" },
    body: JSON.stringify(values),
  });
  return ((await response.json()) as { result: Record<string, string> }).result;
}

const notesOf = async (sysId: string): Promise<string[]> =>
  (await table("sys_journal_field", `element_id=${sysId}`)).map(({ value }) => value ?? "");

test("there are six, each with a picture", () => {
  const files = readdirSync(folder);
  const yaml = files.filter((file) => file.endsWith(".yaml"));
  expect(yaml).toHaveLength(6);
  expect(files.filter((file) => file.endsWith(".svg")).sort()).toEqual(
    yaml.map((file) => file.replace(".yaml", ".svg")).sort(),
  );
});

test("a P1 incident pages somebody, who acknowledges; another one, whom nobody acknowledges, is escalated", async () => {
  const workflow = await use("p1-pages-on-call", { "waitMs: 600000": "waitMs: 8000" });
  const { sys_id: first } = await both.writer.create({
    short_description: "Mail is down",
    impact: "1",
    urgency: "1",
  });
  await poll(workflow);
  const page = await until("the page arrives", () =>
    Promise.resolve(received.find(({ path, body }) => path === "/pager" && body.includes("Mail is down"))),
  );
  const { acknowledge } = JSON.parse(page.body) as { acknowledge: string };
  await until("the run waits", async () => (await runsOf(workflow.id))[0]?.status === "waiting");
  expect((await fetch(`${acknowledge}?by=Beth`, { method: "POST" })).status).toBe(200);
  const run = await ended(workflow);
  expect(run).toMatchObject({ status: "succeeded", error: null });
  expect(await notesOf(first)).toContain("Acknowledged by Beth.");
  expect(received.filter(({ path }) => path === "/escalation")).toEqual([]);

  const { sys_id: second } = await both.writer.create({
    short_description: "Sign-in is down",
    impact: "1",
    urgency: "1",
  });
  await poll(workflow);
  await until("it is escalated", () =>
    Promise.resolve(received.some(({ path, body }) => path === "/escalation" && body.includes("Sign-in"))),
  );
  expect(await ended(workflow)).toMatchObject({ status: "succeeded" });
  expect(await notesOf(second)).toContain("Nobody acknowledged in time. The second line was paged.");
  expect(
    received.filter(({ path, body }) => path === "/pager" && body.includes("Sign-in is down")),
  ).toHaveLength(1);
});

test("an onboarding request orders its items and writes each order back", async () => {
  const workflow = await use("onboarding-orders");
  const items = (await table("sc_cat_item", "active=true^name=External Monitor")).slice(0, 1);
  expect(items).toHaveLength(1);
  const answer = await fetch(workflow.triggers[0]?.endpoint ?? "", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      employee: "abel.tuter",
      items: items.map(({ sys_id }) => ({ item: sys_id })),
    }),
  });
  const run = await ended(workflow);
  expect(run).toMatchObject({ status: "succeeded", error: null });
  const body = (await answer.json()) as { record: string; orders: number };
  expect([answer.status, body.orders]).toEqual([201, 1]);
  const [record] = await table("incident", `number=${body.record}`);
  const order = run.steps.find(({ path }) => path === "each[0].order")?.return_value as { number: string };
  expect(await notesOf(record?.sys_id ?? "")).toEqual([`Ordered ${items[0]?.sys_id}: ${order.number}`]);
  expect(await table("sc_request", `number=${order.number}`)).toHaveLength(1);
});

test("an alert opens, updates and resolves one incident", async () => {
  const workflow = await use("monitor-alerts");
  const send = async (status: string, title: string): Promise<Run> => {
    const before = (await runsOf(workflow.id)).length;
    await fetch(workflow.triggers[0]?.endpoint ?? "", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: "disk-db1", severity: "critical", status, title }),
    });
    await until("the run is there", async () => (await runsOf(workflow.id)).length > before);
    return ended(workflow);
  };
  const find = () => table("incident", "correlation_id=disk-db1");
  expect(await send("firing", "Disk of db1 is full")).toMatchObject({ status: "succeeded", error: null });
  expect(await send("firing", "Disk of db1 is 99 % full")).toMatchObject({ status: "succeeded" });
  expect(await find()).toMatchObject([{ short_description: "Disk of db1 is 99 % full", priority: "1" }]);
  expect(await send("resolved", "Disk of db1 is 99 % full")).toMatchObject({
    status: "succeeded",
    error: null,
  });
  expect(await find()).toMatchObject([{ state: "6" }]);
});

test("a change waits for its approval, then its open tasks are closed", async () => {
  const workflow = await use("change-after-approval", { "everyMs: 60000": "everyMs: 500" });
  const change = await write("POST", "change_request", { short_description: "New switch", type: "normal" });
  const id = change.sys_id ?? "";
  for (const text of ["Order it", "Mount it"])
    await write("POST", "change_task", { change_request: id, short_description: text });
  await poll(workflow);
  await until("the run waits", async () => (await runsOf(workflow.id))[0]?.status === "waiting");
  expect(await table("change_task", `change_request=${id}^active=true`)).toHaveLength(2);
  await write("PATCH", `change_request/${id}`, { approval: "approved" });
  expect(await ended(workflow)).toMatchObject({ status: "succeeded", error: null });
  expect(await table("change_task", `change_request=${id}^active=true`)).toEqual([]);
});

test("breached agreements are sent as CSV", async () => {
  const workflow = await use("breached-agreements");
  const breached = await table("task_sla", "has_breached=true^active=true");
  await both.client.call("POST", `/api/workflows/${workflow.id}/runs`, { event: {} });
  expect(await ended(workflow)).toMatchObject({ status: "succeeded", error: null });
  const report = received.find(({ path }) => path === "/report");
  if (!report) throw new Error("The report did not arrive.");
  const lines = report.body.split("\r\n");
  expect(report.type).toBe("text/csv; charset=utf-8");
  expect(lines[0]).toBe(
    '"task.number","task.short_description","sla.name","planned_end_time","business_percentage"',
  );
  expect(lines).toHaveLength(breached.length + 1);
});

test("a comment goes out, its answer comes back as a comment, and that one does not go out again", async () => {
  const workflow = await use("comments-both-ways");
  const { sys_id } = await both.writer.create({ short_description: "Printer is on fire" });
  await new InstanceWriter(both.instance.url, "itil", "itil").update(sys_id, {
    comments: "It still burns.",
  });
  await poll(workflow);
  expect(await ended(workflow)).toMatchObject({ status: "succeeded", error: null });
  expect(await notesOf(sys_id)).toEqual(expect.arrayContaining(["It still burns.", "Heard. We are on it."]));
  await poll(workflow);
  await poll(workflow);
  expect(await runsOf(workflow.id)).toHaveLength(1);
  expect(received.filter(({ path }) => path === "/webhook")).toHaveLength(1);
});
