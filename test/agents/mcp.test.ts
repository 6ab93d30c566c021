import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { until } from "../host/host";
import { duringTests } from "../helpers/instance";
import { connectToken } from "../host/callers";
import { call, connectClient, connectedAccount, startAgentHost, toolsOf } from "./mcp-client";

const host = duringTests(startAgentHost);
const clients: Client[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

const connect = async (query?: string, token?: string): Promise<Client> => {
  const client = await connectClient(host, query, token);
  clients.push(client);
  return client;
};
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test("many actions are offered by search, in a list below 25 KB", async () => {
  const client = await connect("?readOnly=false&destructive=true");
  const tools = await toolsOf(client);
  expect(tools.map(({ name }) => name)).toEqual([
    "search_actions",
    "describe_action",
    "run_action",
    "find_choices",
    "read_result",
  ]);
  expect(bytesOf(tools)).toBeLessThan(25_000);
  const found = await call(client, "search_actions", { query: "create incident" });
  expect((found.data.actions as { action: string }[])[0]?.action).toBe("servicenow-create-incident");
  const described = await call(client, "describe_action", { action: "servicenow-get-table-records" });
  expect(described.data).toMatchObject({
    readOnlyHint: true,
    input_schema: { type: "object", required: ["table"], properties: { table: { type: "string" } } },
  });
});

test("forty tools are listed in less than 100 KB, and none has a name that clients refuse", async () => {
  const all = await host.call<{ data: { key: string; configurable_props: unknown[] }[] }>(
    "GET",
    "/v1/connect/actions?limit=1000",
  );
  const largest = all.body.data
    .sort((a, b) => bytesOf(b.configurable_props) - bytesOf(a.configurable_props))
    .slice(0, 40)
    .map(({ key }) => key);
  const client = await connect(`?mode=tools&readOnly=false&destructive=true&tools=${largest.join(",")}`);
  const tools = await toolsOf(client);
  expect(tools).toHaveLength(43);
  expect(bytesOf(tools)).toBeLessThan(100_000);
  const everything = await toolsOf(await connect("?mode=tools&readOnly=false&destructive=true"));
  expect(everything.length).toBe(all.body.data.length + 3);
  for (const { name } of everything) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(new Set(everything.map(({ name }) => name)).size).toBe(everything.length);
});

test("only actions that read are offered unless the address says otherwise", async () => {
  const names = async (query: string): Promise<string[]> =>
    (await toolsOf(await connect(`?mode=tools&${query}`))).map(({ name }) => name);
  const reading = await names("app=servicenow");
  expect(reading).toContain("servicenow-get-table-records");
  expect(reading).not.toContain("servicenow-create-incident");
  const changing = await names("app=servicenow&readOnly=false");
  expect(changing).toContain("servicenow-create-incident");
  expect(changing).not.toContain("servicenow-delete-table-record");
  expect(await names("app=servicenow&readOnly=false&destructive=true")).toContain(
    "servicenow-delete-table-record",
  );
  await expect(connect("?tools=servicenow-create-incident")).rejects.toThrow(/add readOnly=false/);
  await expect(connect("?tools=servicenow-create-incidents")).rejects.toThrow(
    /Did you mean servicenow-create-incident/,
  );
  await expect(connect("?readonly=false")).rejects.toThrow(/readonly/);
});

test("props become arguments: choices with labels, references by look-up, dependent ones by a second call", async () => {
  const account = await connectedAccount(host, "schema-user", "one");
  const client = await connect(`?external_user_id=schema-user&mode=tools&readOnly=false&destructive=true`);
  const tools = new Map((await toolsOf(client)).map((tool) => [tool.name, tool]));
  expect(tools.get("conformance-echo")?.inputSchema).toMatchObject({
    required: ["text"],
    properties: {
      text: { type: "string", description: "Any text" },
      count: { type: "integer", minimum: 1, maximum: 9, default: 3 },
      tags: { type: "array", items: { type: "string" } },
      color: { description: expect.stringContaining("find_choices") },
      secret: { description: "Hidden Secret." },
    },
  });
  // One account needs no argument, and what the host provides has none.
  expect(Object.keys(tools.get("conformance-echo")?.inputSchema.properties ?? {})).not.toContain(
    "conformance",
  );
  expect(Object.keys(tools.get("conformance-echo")?.inputSchema.properties ?? {})).not.toContain("note");
  const choices = await call(client, "find_choices", {
    action: "conformance-echo",
    argument: "color",
    query: "red-0",
    arguments: { text: "red" },
  });
  expect(choices.data.choices).toEqual([expect.objectContaining({ label: "RED-0" })]);
  const dependent = await call(client, "describe_action", {
    action: "conformance-dynamic",
    arguments: { kind: "a" },
  });
  expect(dependent.data.input_schema).toMatchObject({ properties: { size: { type: "integer" } } });
  expect(
    (await call(client, "conformance-dynamic", { kind: "a", size: 7, confirm: true })).data.result,
  ).toMatchObject({
    size: 7,
  });
  const unknown = await call(client, "conformance-dynamic", { kind: "a", sice: 7, confirm: true });
  expect(unknown).toMatchObject({ isError: true, text: expect.stringContaining("sice") });

  const second = await connectedAccount(host, "schema-user", "two");
  const two = (await toolsOf(client)).find(({ name }) => name === "conformance-echo");
  expect(two?.inputSchema.properties?.conformance).toMatchObject({
    enum: expect.arrayContaining([account, second]),
  });
  const ambiguous = await call(client, "conformance-echo", { text: "hi", shade: "x" });
  expect(ambiguous).toMatchObject({ isError: true, text: expect.stringContaining("Name one of them") });
  const named = await call(client, "conformance-echo", { text: "hi", shade: "x", conformance: "two" });
  expect(named.data).toMatchObject({
    summary: "Echoed hi",
    result: { who: expect.stringMatching(/^schema-user with/) },
  });
  const bound = await connect(`?external_user_id=schema-user&account=one&mode=tools`);
  expect((await call(bound, "conformance-echo", { text: "hi", shade: "x" })).data.summary).toBe("Echoed hi");
});

test("a connect token sees the accounts of its own user alone", async () => {
  const foreign = await connectedAccount(host, "alice", "of alice");
  const token = await connectToken(host, "bob");
  const client = await connect("?mode=tools", token);
  const echo = { text: "hi", shade: "x" };
  const without = await call(client, "conformance-echo", echo);
  expect(without).toMatchObject({ isError: true, text: expect.stringContaining("There is no") });
  for (const name of [foreign, "of alice"]) {
    const refused = await call(client, "conformance-echo", { ...echo, conformance: name });
    expect(refused).toMatchObject({ isError: true });
    expect(JSON.stringify(refused)).not.toContain("sekret");
  }
  await expect(connect(`?account=${foreign}`, token)).rejects.toThrow(/404|There is no/);
  await expect(connect("?external_user_id=alice", token)).rejects.toThrow(/another user/);
  await connectedAccount(host, "bob", "of bob");
  expect((await call(client, "conformance-echo", echo)).data.result).toMatchObject({
    who: expect.stringMatching(/^bob with/),
  });

  const alice = await connect("?mode=tools&external_user_id=alice");
  const run = await call(alice, "conformance-echo", echo);
  const stolen = await call(client, "read_result", { run_id: run.data.run_id });
  expect(stolen).toMatchObject({ isError: true, text: expect.stringContaining("There is no run") });
});

test("what may destroy something asks for confirmation, and a dry run does not", async () => {
  const client = await connect("?mode=tools&tools=agents-erase&readOnly=false&destructive=true");
  const refused = await call(client, "agents-erase", { drawer: "top" });
  expect(refused).toMatchObject({
    isError: true,
    text: expect.stringMatching(/nothing was done.*confirm: true/s),
  });
  expect((await call(client, "agents-erase", { drawer: "top", dryRun: true })).data).toMatchObject({
    summary: "Would erase top",
    result: { erased: false },
  });
  expect((await call(client, "agents-erase", { drawer: "top", confirm: true })).data.result).toEqual({
    erased: true,
  });
  const [tool] = await toolsOf(client);
  expect(tool).toMatchObject({
    annotations: { destructiveHint: true, readOnlyHint: false },
    inputSchema: { properties: { confirm: { type: "boolean" } } },
  });
});

test("a large result is cut, and the rest can be read", async () => {
  const client = await connect("?mode=tools");
  const report = (await toolsOf(client)).find(({ title }) => title === "Report")?.name ?? "";
  expect(report).toHaveLength(64);
  const { data } = await call(client, report, { rows: 1000 });
  expect(bytesOf(data)).toBeLessThan(20_000);
  expect(data.summary).toBe("Listed 1000 rows");
  const shown = (data.result as { rows: unknown[] }).rows.length;
  expect(data.cut).toEqual(
    expect.arrayContaining([
      { path: "/note", shown: 2000, total: 30_000 },
      { path: "/rows", shown, total: 1000 },
    ]),
  );
  const rows: { number: string }[] = [];
  for (let offset: number | undefined = 0, reads = 0; offset !== undefined && reads < 50; reads += 1) {
    const { data: part } = await call(client, "read_result", { run_id: data.run_id, path: "/rows", offset });
    expect(bytesOf(part)).toBeLessThan(20_000);
    rows.push(...(part.value as { number: string }[]));
    offset = part.next_offset as number | undefined;
  }
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 1000 }, (_, at) => `ROW${at}`));
  const wrong = await call(client, "read_result", { run_id: data.run_id, path: "/columns" });
  expect(wrong).toMatchObject({ isError: true, text: 'The result has no "columns" at /columns.' });
});

test("progress is told, and a cancelled call ends the action", async () => {
  const client = await connect("?mode=tools");
  const heard: string[] = [];
  const cancel = new AbortController();
  const running = client.callTool({ name: "agents-slow", arguments: { seconds: 120 } }, undefined, {
    signal: cancel.signal,
    onprogress: ({ message }) => void heard.push(message ?? ""),
  });
  await until("two steps are told", () => Promise.resolve(heard.length >= 2));
  expect(heard.join()).toMatch(/step \d/);
  cancel.abort("enough");
  await expect(running).rejects.toThrow(/enough/);
  const ended = await until("the run is stored as cancelled", async () => {
    const { body } = await host.call<{ action: string; status: string }[]>(
      "GET",
      "/api/action-runs?limit=20",
    );
    return body.find(({ action, status }) => action === "agents-slow" && status === "cancelled");
  });
  expect(ended).toMatchObject({ caller: "operator", client: "test 1.2.3" });
});

test("each call is a stored run with its caller; secrets are not in it", async () => {
  const client = await connect("?mode=tools&readOnly=false&destructive=true");
  const { data } = await call(client, "agents-erase", {
    drawer: "low",
    password: "open-sesame-1",
    confirm: true,
  });
  const { body } = await host.call("GET", `/api/action-runs/${String(data.run_id)}`);
  expect(body).toMatchObject({
    action: "agents-erase",
    caller: "operator",
    client: "test 1.2.3",
    external_user_id: "local",
    status: "succeeded",
    summary: "Erased low",
    input: { drawer: "low", password: "********" },
    result: { erased: true },
  });
  const refused = await call(client, "conformance-misbehave", { way: "configuration", confirm: true });
  expect(refused).toMatchObject({ isError: true, text: expect.stringContaining("Choose another color.") });
  const { body: runs } = await host.call<{ error: { message: string } }[]>("GET", "/api/action-runs?limit=1");
  expect(runs[0]).toMatchObject({ status: "failed", error: { message: "Choose another color." } });
  const missing = await call(client, "agents-erase", { confirm: true });
  expect(missing).toMatchObject({
    isError: true,
    text: expect.stringMatching(/drawer is missing.*describe_action/s),
  });
});

test("a session is its caller's own, and an unknown one begins anew", async () => {
  const headers = { accept: "application/json, text/event-stream", "content-type": "application/json" };
  const send = (body: object, more: Record<string, string> = {}): Promise<Response> =>
    fetch(`${host.url}/mcp`, {
      method: "POST",
      headers: { ...headers, authorization: `Bearer ${host.token}`, ...more },
      body: JSON.stringify(body),
    });
  const begun = await send({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
  });
  const session = begun.headers.get("mcp-session-id") ?? "";
  expect(session).not.toBe("");
  const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };
  expect((await send(list, { "mcp-session-id": session })).status).toBe(200);
  const other = await connectToken(host, "mallory");
  const asMallory = { "mcp-session-id": session, authorization: `Bearer ${other}` };
  expect((await send(list, asMallory)).status).toBe(404);
  expect((await send(list, { "mcp-session-id": "none" })).status).toBe(404);
  // Without a session a single request is answered all the same.
  const single = await send(list);
  expect(await single.text()).toContain("search_actions");
  expect((await send(list, { authorization: "Bearer wrong" })).status).toBe(401);
});
