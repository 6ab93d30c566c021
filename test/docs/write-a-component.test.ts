import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { startHost, temporaryFolder, type TestHost } from "../host/host";

/** The guide's files as they stand in it, against a server such as the one they are written for. */

const root = join(__dirname, "../..");
const guide = readFileSync(join(root, "docs/write-a-component.md"), "utf8");
const files = [...guide.matchAll(/<!-- file: (\S+) -->\n\n```\w+\n([\s\S]*?)```/g)].map(
  ([, path = "", text = ""]) => ({ path, text }),
);

let folder: string;
let dataDir: string;
let acme: Server;
let server: string;
let host: TestHost;
const tickets: { id: number; title: string; queue: string; created: string }[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  dataDir = temporaryFolder();
  mkdirSync(join(dataDir, "apps"));
  for (const { path, text } of files) {
    const target = path.endsWith(".yaml") ? join(dataDir, "apps", path) : join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  acme = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const reply = (status: number, body: unknown) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      if (request.headers.authorization !== "Key secret") return reply(401, { error: "who?" });
      const url = new URL(request.url ?? "/", "http://acme");
      if (url.pathname === "/queues") return reply(200, { queues: [{ id: "q1", name: "Printers" }] });
      if (request.method === "GET")
        return reply(200, {
          tickets: tickets.filter(({ id }) => id > Number(url.searchParams.get("after"))),
        });
      const given = JSON.parse(text) as { title: string; queue: string };
      const ticket = { ...given, id: tickets.length + 7, created: new Date().toISOString() };
      tickets.push(ticket);
      return reply(201, ticket);
    });
  });
  await new Promise<void>((done) => acme.listen(0, "127.0.0.1", done));
  server = `127.0.0.1:${(acme.address() as AddressInfo).port}`;
  host = await startHost({ dataDir, env: { COMPONENT_PACKAGES: folder } });
});
afterAll(async () => {
  await host?.stop();
  acme?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the guide has the four files it tells of", () => {
  expect(files.map(({ path }) => path)).toEqual([
    "acme/acme.app.mjs",
    "acme.yaml",
    "acme/actions/create-ticket/create-ticket.mjs",
    "acme/sources/new-ticket/new-ticket.mjs",
  ]);
});

test("the command runs the action by its file", async () => {
  const command = /npm run component -- (\S+) \\\n\s+--auth '([^']+)' \\\n\s+--props '([^']+)'/.exec(guide);
  const [, file = "", auth = "", props = ""] = command ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...["-r", "ts-node/register", "scripts/component.ts", file.replace("my-components", folder)],
      ...["--auth", auth.replace("127.0.0.1:8080", server), "--props", props],
    ],
    { cwd: root },
  );
  expect(JSON.parse(stdout)).toMatchObject({
    result: { queue: "q1", title: "Printer is out of paper" },
    summary: "Created ticket 7",
    exports: {},
  });
});

test("its check for CI passes, with the case that the guide shows", async () => {
  const cases = /`create-ticket\.cases\.json`:\n\n```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
  const file = join(folder, "acme/actions/create-ticket/create-ticket.mjs");
  writeFileSync(file.replace(/\.mjs$/, ".cases.json"), cases);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "scripts/component-test.ts", file, "--json"],
    { cwd: root },
  );
  expect(JSON.parse(stdout)).toMatchObject({
    passed: true,
    components: [{ key: "acme-create-ticket", cases: [{ name: "a ticket needs a title", passed: true }] }],
  });
});

test("account, choices, action and source work on the host", async () => {
  const account = await host.call<{ id: string; error?: string }>(
    "POST",
    "/v1/connect/local/accounts?external_user_id=local",
    { app_slug: "acme", cfmap_json: { server, api_key: "secret" } },
  );
  expect(account.body.error ?? undefined).toBeUndefined();
  const configured = { acme: { authProvisionId: account.body.id } };
  const choices = await host.call<{ options: unknown[] }>("POST", "/v1/connect/local/components/configure", {
    id: "acme-create-ticket",
    external_user_id: "local",
    prop_name: "queue",
    configured_props: configured,
  });
  expect(choices.body.options).toEqual([{ value: "q1", label: "Printers" }]);
  const trigger = await host.call<{ data: { id: string } }>("POST", "/v1/connect/local/triggers/deploy", {
    id: "acme-new-ticket",
    external_user_id: "local",
    configured_props: { ...configured, timer: { intervalSeconds: 2 } },
  });
  await host.call("POST", "/v1/connect/local/actions/run", {
    id: "acme-create-ticket",
    external_user_id: "local",
    configured_props: { ...configured, queue: "q1", title: "Second" },
  });
  const path = `/v1/connect/local/deployed-triggers/${trigger.body.data.id}/events?external_user_id=local&n=10`;
  let events: { e: { title: string } }[] = [];
  for (const end = Date.now() + 60_000; Date.now() < end && events.length < 2;)
    events = (await host.call<{ data: { e: { title: string } }[] }>("GET", path)).body.data;
  expect(events.map(({ e }) => e.title).sort()).toEqual(["Printer is out of paper", "Second"]);
}, 120_000);
