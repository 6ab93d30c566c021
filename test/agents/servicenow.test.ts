import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { HostClient } from "../../scripts/demo/host-client";
import { connectAccount } from "../../scripts/demo/steps";
import { startProgram, type Program } from "../../scripts/programs";
import { rmSync } from "node:fs";
import { temporaryFolder } from "../host/host";
import { duringTests, startInstance } from "../helpers/instance";
import { call, connectClient } from "./mcp-client";

/** What an agent does with ServiceNow's records: the official client, the host and an instance. */
const instance = duringTests(startInstance, { incidents: 50 });
const dataDir = temporaryFolder();
let host: Program;
let client: Client;

beforeAll(async () => {
  host = await startProgram("host", ["--port", "0"], { DATA_DIR: dataDir });
  const api = new HostClient(host);
  await connectAccount(api, instance.url);
  client = await connectClient(
    { url: host.url, token: api.token },
    "?app=servicenow&readOnly=false&destructive=true",
  );
}, 120_000);
afterAll(async () => {
  await client?.close();
  await host?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const run = (action: string, args: Record<string, unknown>) =>
  call(client, "run_action", { action, arguments: args });

test("an incident is found, made, changed and deleted", async () => {
  const choices = await call(client, "find_choices", {
    action: "servicenow-create-table-record",
    argument: "table",
    query: "incident",
  });
  expect(choices.data.choices).toContainEqual(expect.objectContaining({ value: "incident" }));
  const described = await call(client, "describe_action", {
    action: "servicenow-create-table-record",
    arguments: { table: "incident", fieldNames: ["urgency"] },
  });
  expect(JSON.stringify(described.data.input_schema)).toMatch(/urgency/i);
  const made = await run("servicenow-create-incident", { shortDescription: "Printer on fire" });
  const { sys_id, number } = made.data.result as { sys_id: string; number: string };
  expect(made.data.summary).toContain(number);
  const read = await run("servicenow-get-table-record-by-id", { table: "incident", recordId: sys_id });
  expect(read.data.result).toMatchObject({ sys_id });
  const kept = await run("servicenow-delete-table-record", { table: "incident", recordId: sys_id });
  expect(kept).toMatchObject({ isError: true, text: expect.stringContaining("nothing was done") });
  await run("servicenow-delete-table-record", { table: "incident", recordId: sys_id, confirm: true });
  const gone = await run("servicenow-get-table-record-by-id", { table: "incident", recordId: sys_id });
  expect(gone).toMatchObject({ isError: true });
});

test("many records come in parts that say how to get the rest", async () => {
  const { data } = await run("servicenow-get-table-records", {
    table: "incident",
    filterActive: true,
    limit: 50,
  });
  const cut = (data.cut as { path: string; shown: number }[]).find(({ path }) => path === "");
  const more = await call(client, "read_result", { run_id: data.run_id, offset: cut?.shown });
  expect((more.data.value as { number: string }[])[0]?.number).toMatch(/^INC\d+/);
});

test("ServiceNow's refusal comes in its own words, with what to do", async () => {
  const wrong = await run("servicenow-get-table-records", { table: "incident", query: "no_such_column=1" });
  expect(wrong).toMatchObject({ isError: true, text: expect.stringContaining("no_such_column") });
});
