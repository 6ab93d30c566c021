import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encryptedFor } from "../../host/src/encrypted-for";
import { loadEncryption } from "../../host/src/encryption";
import { startHost, until, type TestHost } from "../host/host";
import { startPostgres, type PostgresServer } from "../host/postgres-server";

jest.setTimeout(300_000);
const P = "/v1/connect/local";
const app = (server: string): string => `
slug: bound
name: Bound
auth: keys
fields:
  - { name: server, label: Server }
  - { name: api_key, label: API key, secret: true }
test_request: { url: "http://${server}/{server}/me", headers: { x-api-key: "{api_key}" }, name: name }
`;

let postgres: PostgresServer;
let dataDir: string;
let host: TestHost;
const start = (): Promise<TestHost> => startHost({ dataDir, env: { DATABASE_URL: postgres.url } });
async function restart(): Promise<void> {
  await host.stop();
  host = await start();
}
let api: Server;
const asked: { server: string; key: string }[] = [];
const listen = async (): Promise<Server> => {
  const server = createServer((request, response) => {
    asked.push({ server: request.url?.split("/")[1] ?? "", key: String(request.headers["x-api-key"]) });
    request.resume();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name: "Ann" }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
};
const addressOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await listen();
  dataDir = mkdtempSync(join(tmpdir(), "bound-"));
  host = await start();
  const described = await host.call("PUT", "/api/app-descriptions", { yaml: app(addressOf(api)) });
  expect(described).toMatchObject({ status: 200 });
});
afterAll(async () => {
  await host.stop();
  api.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Made {
  id: string;
  error?: string;
  field?: string;
}
const connect = (
  fields: Record<string, string>,
  more: object = {},
): Promise<{ status: number; body: Made }> =>
  host.call<Made>("POST", `${P}/accounts`, {
    app_slug: "bound",
    external_user_id: "local",
    cfmap_json: fields,
    ...more,
  });
const credentials = (id: string): Promise<{ status: number; body: unknown }> =>
  host.call("GET", `${P}/accounts/${id}?include_credentials=true`);

test("a stored secret is sent to no address but the one it was given for: a new one asks for it again", async () => {
  const made = await connect({ server: "first", api_key: "key-of-the-first" });
  expect(made).toMatchObject({ status: 200 });
  const again = { account_id: made.body.id };
  asked.length = 0;
  // Blank, missing and spaces; another server, another field that nobody knows the meaning of, and a field that was not there.
  const moved: Record<string, string>[] = [
    { server: "other", api_key: "" },
    { server: "other" },
    { server: "other ", api_key: "  " },
    { server: "user@other", api_key: "" },
  ];
  for (const fields of moved)
    expect(await connect(fields, again)).toMatchObject({
      status: 422,
      body: { field: "api_key", error: expect.stringContaining("API key is asked for again") },
    });
  expect(asked).toEqual([]);
  expect(await connect({ server: "first", api_key: "" }, again)).toMatchObject({ status: 200 });
  expect(await connect({ server: "other", api_key: "key-of-the-other" }, again)).toMatchObject({
    status: 200,
  });
  expect(asked).toEqual([
    { server: "first", key: "key-of-the-first" },
    { server: "other", key: "key-of-the-other" },
  ]);
});

test("whoever can write to the database cannot have an account's secrets sent elsewhere, or read by another user", async () => {
  const made = await connect({ server: "first", api_key: "key-that-stays" });
  const { id } = made.body;
  expect(JSON.stringify((await credentials(id)).body)).toContain("key-that-stays");
  const second = (await connect({ server: "first", api_key: "key-of-another" })).body.id;
  for (const [set, back] of [
    [`fields = replace(fields, 'first', 'other')`, `fields = replace(fields, 'other', 'first')`],
    ["token_url = 'https://thief.example/token'", "token_url = null"],
    ["revocation_url = 'https://thief.example/revoke'", "revocation_url = null"],
    ["external_user_id = 'mallory'", "external_user_id = 'local'"],
    ["app = 'conformance'", "app = 'bound'"],
  ] as const) {
    await postgres.query(`update accounts set ${set} where id = '${id}'`);
    asked.length = 0;
    const shown = await credentials(id);
    const checked = await host.call("POST", `/api/accounts/${id}/check`, {});
    expect({ set, shown: JSON.stringify([shown.body, checked.body]) }).toEqual({
      set,
      shown: expect.not.stringContaining("key-that-stays"),
    });
    expect(asked).toEqual([]);
    await postgres.query(`update accounts set ${back} where id = '${id}'`);
  }
  await postgres.query(
    `update accounts set encrypted = (select encrypted from accounts where id = '${second}') where id = '${id}'`,
  );
  expect(JSON.stringify((await credentials(id)).body)).not.toContain("key-of-another");
});

test("a value that is moved to another row, column, user or run is refused there", async () => {
  for (const [name, value] of [
    ["ONE", "value-of-one"],
    ["TWO", "value-of-two"],
  ] as const)
    await host.call("PUT", `/api/variables/${name}`, { value });
  const { body: workflow } = await host.call<{ id: string }>("POST", "/api/workflows", {
    name: "Reads a variable",
    enabled: true,
    triggers: [{ id: "web", uses: "http" }],
    steps: [
      {
        namespace: "code",
        props: { one: "{{ env.ONE }}" },
        code: `export default defineComponent({ props: { one: { type: "string" } }, async run() { return this.one.length; } })`,
      },
    ],
  });
  const runToEnd = async (event: object): Promise<string> => {
    const { body } = await host.call<{ id: string }>("POST", `/api/workflows/${workflow.id}/runs`, { event });
    await until(
      "the run ends",
      async () =>
        ["succeeded", "failed"].includes(
          (await host.call<{ status: string }>("GET", `/api/runs/${body.id}`)).body.status,
        ),
      60_000,
    );
    return body.id;
  };
  const [first, second] = [await runToEnd({ of: "the-first" }), await runToEnd({ of: "the-second" })];
  const shown = async (run: string): Promise<string> =>
    JSON.stringify((await host.call("GET", `/api/runs/${run}`)).body);
  expect(await shown(first)).toContain("the-first");

  const moves = [
    `update workflow_runs set encrypted_event = (select encrypted_event from workflow_runs where id = '${second}') where id = '${first}'`,
    `update workflow_steps set encrypted_result = encrypted_detail where run_id = '${second}'`,
  ];
  for (const move of moves) await postgres.query(move);
  expect(await shown(first)).not.toContain("the-second");
  expect(JSON.parse(await shown(second))).not.toHaveProperty("steps");

  await postgres.query(
    "update workflow_variables set encrypted = (select encrypted from workflow_variables where name = 'TWO') where name = 'ONE'",
  );
  const { body: third } = await host.call<{ id: string }>("POST", `/api/workflows/${workflow.id}/runs`, {
    event: {},
  });
  const ended = await until(
    "the run fails",
    async () => {
      const { body } = await host.call<{ status: string }>("GET", `/api/runs/${third.id}`);
      return body.status === "failed" && JSON.stringify(body);
    },
    60_000,
  );
  expect(ended).not.toContain("value-of-two");
});

test("values of an earlier release are bound at the next start, and taken in that form never again", async () => {
  const encryption = loadEncryption(undefined, host.dataDir);
  const asBefore = (value: string): Promise<unknown> =>
    postgres.query(
      `update workflow_variables set encrypted = '${encryption.encrypt(value, "workflow variable")}' where name = 'ONE'`,
    );
  const read = async (): Promise<unknown> => {
    const rows = await postgres.query<{ encrypted: string }>(
      "select encrypted from workflow_variables where name = 'ONE'",
    );
    return encryption.decrypt(rows[0]?.encrypted ?? "", encryptedFor.variable("local", "ONE"));
  };
  await asBefore("of an earlier release");
  await expect(read()).rejects.toThrow("cannot be decrypted");
  await postgres.query("delete from key_check where id = 2");
  await restart();
  expect(await read()).toBe("of an earlier release");
  await asBefore("put back later");
  await restart();
  await expect(read()).rejects.toThrow("cannot be decrypted");
});

test("nobody but the host gives a value in the form in which secrets are stored", async () => {
  const given = { __encrypted: "v1.AAAA" };
  for (const props of [{ start: given }, { start: 1, other: given }]) {
    const { status, body } = await host.call<{ error: string }>("POST", `${P}/triggers/deploy`, {
      id: "conformance-counter",
      external_user_id: "local",
      configured_props: props,
    });
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("__encrypted") },
    });
  }
});
