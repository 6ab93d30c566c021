import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployCounter, untilCounted } from "../host/counting";
import { beginSignIn } from "../../scripts/demo/sign-in";
import { startHost, until, type TestHost } from "../host/host";
import { startPostgres, type PostgresServer } from "../host/postgres-server";
import { serverToken } from "../host/callers";

jest.setTimeout(400_000);
const root = join(__dirname, "../..");
const secret = (what: string): string => `${what}-${randomBytes(9).toString("hex")}`;
const USED = {
  account: secret("account"),
  variable: secret("variable"),
  receiver: secret("receiver"),
  tokenReceiver: secret("token-receiver"),
  event: secret("event"),
  oauthClient: secret("oauth-client"),
  access: secret("access"),
  refreshed: secret("refreshed"),
  refresh: secret("refresh"),
  nextRefresh: secret("next-refresh"),
};

let postgres: PostgresServer;
let receiver: Server;
let dataDir: string;
const received: string[] = [];
let granted = 0;
/** The answer of the token endpoint: the first token ends at once, so that it is refreshed. */
function grant(url: string | undefined): string {
  if (url !== "/token") return "{}";
  granted += 1;
  return JSON.stringify({
    token_type: "Bearer",
    ...(granted === 1
      ? { access_token: USED.access, refresh_token: USED.refresh, expires_in: 2 }
      : { access_token: USED.refreshed, refresh_token: USED.nextRefresh, expires_in: 3600 }),
  });
}

/** Connects an account as a browser does that was sent to the sign-in. */
async function signInByOAuth(host: TestHost, server: string): Promise<string> {
  const { body } = await host.call<{ id: string; authorize_url: string }>("POST", "/api/connect-attempts", {
    app: "conformance_oauth",
    fields: { server, client_secret: USED.oauthClient },
  });
  const { address, cookie } = await beginSignIn(body.authorize_url);
  const asked = new URL(address).searchParams;
  const back = new URL(asked.get("redirect_uri") ?? "");
  back.search = new URLSearchParams({ code: "a-code", state: asked.get("state") ?? "" }).toString();
  await fetch(back, { headers: { cookie } });
  const { body: ended } = await host.call<{ status: string; account: { id: string } }>(
    "GET",
    `/api/connect-attempts/${body.id}`,
  );
  expect(ended.status).toBe("succeeded");
  return ended.account.id;
}

/** What anybody, the page and a server are answered: the page with its files, every list, and errors that were made of secrets. */
async function answers(host: TestHost, cookie: string, account: string): Promise<string> {
  const texts: string[] = [];
  const read = async (path: string, init: RequestInit = {}): Promise<string> => {
    const answer = await fetch(host.url + path, init);
    const text = `${path} ${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
    texts.push(text);
    return text;
  };
  const page = await read("/", { headers: { cookie } });
  const files = [...page.matchAll(/(?:src|href)=\\?"(\/[^"\\]+)/g)].map(([, path]) => path ?? "");
  if (!page.includes("The page is not built")) expect(files.length).toBeGreaterThanOrEqual(2);
  for (const path of files) await read(path);
  const authorization = `Bearer ${host.token}`;
  for (const path of [
    "/api/session",
    "/api/sessions",
    "/api/triggers",
    "/api/variables",
    "/api/workflows",
    "/api/action-runs",
    "/api/app-descriptions",
    "/v1/connect/local/accounts",
    `/v1/connect/local/accounts/${account}`,
    "/v1/connect/local/deployed-triggers",
    "/v1/connect/local/apps",
    "/health",
    "/ready",
    "/metrics",
  ]) {
    await read(path, { headers: { authorization } });
    await read(path, { headers: { cookie } });
  }
  const post = (path: string, body: object, more: Record<string, string> = {}): Promise<string> =>
    read(path, {
      method: "POST",
      headers: { authorization, "content-type": "application/json", ...more },
      body: JSON.stringify(body),
    });
  // What fails with a secret in its hands.
  await post("/v1/connect/local/actions/run", {
    id: "conformance_oauth-show-token",
    external_user_id: "local",
    configured_props: { account: { authProvisionId: account }, fail: 401 },
  });
  await post("/api/connect-attempts", {
    app: "conformance_oauth",
    fields: { server: "a b", client_secret: USED.oauthClient },
  });
  await post(`/api/accounts/${account}/check`, {});
  await post("/v1/oauth/token", { grant_type: "client_credentials", client_id: "x", client_secret: "y" });
  return texts.join("\n");
}
beforeAll(async () => {
  postgres = await startPostgres();
  dataDir = mkdtempSync(join(tmpdir(), "secrets-"));
  receiver = createServer((request, response) => {
    received.push(String(request.headers.authorization));
    request.resume();
    response.setHeader("content-type", "application/json");
    response.end(request.url === "/me" ? JSON.stringify({ name: "Ann" }) : grant(request.url));
  });
  await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
});
afterAll(async () => {
  for (const host of hosts) await host.stop();
  receiver.closeAllConnections();
  receiver.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const hosts: TestHost[] = [];
async function start(env: Record<string, string> = {}): Promise<TestHost> {
  const host = await startHost({ dataDir, env: { DATABASE_URL: postgres.url, ...env } });
  hosts.push(host);
  return host;
}

function rotate(env: Record<string, string> = {}): { status: number | null; out: string; said: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "scripts/rotate-key.ts"],
    {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: postgres.url, ...env },
      timeout: 120_000,
    },
  );
  return { status, out: stdout, said: stderr };
}

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const tables = await postgres.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  const rows: string[] = [];
  for (const { name } of tables)
    for (const { row } of await postgres.query<{ row: string }>(`select t::text as row from ${name} t`))
      rows.push(row);
  return rows.join("\n");
}

/** Arguments and environment of the processes that descend from the host, as far as this user may read them. */
function processesBelow(pid: number): string {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const read = (of: string, name: string): string => {
    try {
      return readFileSync(`/proc/${of}/${name}`, "latin1");
    } catch {
      return "";
    }
  };
  const parentOf = (of: string): string => /^PPid:\s*(\d+)$/m.exec(read(of, "status"))?.[1] ?? "";
  const below = new Set([String(pid)]);
  for (let grown = true; grown;) {
    const found = all.filter((of) => !below.has(of) && below.has(parentOf(of)));
    for (const of of found) below.add(of);
    grown = found.length > 0;
  }
  below.delete(String(pid));
  const texts = [...below].map((of) => read(of, "cmdline") + read(of, "environ"));
  return `${texts.join("\n")}\n${read(String(pid), "cmdline")}`;
}

function expectNone(where: string, text: string, secrets: Record<string, string>): void {
  const found = Object.entries(secrets).flatMap(([name, value]) =>
    [value, encodeURIComponent(value), Buffer.from(value).toString("base64").replace(/=+$/, "")].some(
      (form) => text.includes(form),
    )
      ? [name]
      : [],
  );
  expect({ where, found }).toEqual({ where, found: [] });
}

test("no secret of a host in use stands in clear in its database, log, page, answers, errors, or in arguments and environment of its processes; the key can be changed", async () => {
  const { port } = receiver.address() as AddressInfo;
  let host = await start();
  const hook = `http://hook:${USED.receiver}@127.0.0.1:${port}/events`;
  const credentials = JSON.parse(readFileSync(join(dataDir, "credentials.json"), "utf8")) as Record<
    string,
    string
  >;
  const made = await host.call<{ id: string }>("POST", "/v1/connect/local/accounts", {
    app_slug: "conformance",
    external_user_id: "local",
    name: "with a key",
    cfmap_json: { api_key: USED.account },
  });
  expect(made.status).toBe(200);
  await host.call("PUT", "/api/variables/TOKEN", { value: USED.variable });
  const trigger = await deployCounter(host, { perRun: 2 }, { webhook_url: hook });
  await untilCounted(host, trigger, 2);
  const { body: workflow } = await host.call<{ id: string }>("POST", "/api/workflows", {
    name: "With a secret",
    enabled: true,
    triggers: [{ id: "web", uses: "http" }],
    steps: [
      {
        namespace: "code",
        props: { token: "{{ env.TOKEN }}" },
        code: `export default defineComponent({ props: { token: { type: "string" } }, async run() { console.log("has", this.token); return this.token.length; } })`,
      },
    ],
  });
  const runToEnd = async (): Promise<string> => {
    const { body: run } = await host.call<{ id: string }>("POST", `/api/workflows/${workflow.id}/runs`, {
      event: { password: USED.event },
    });
    return until(
      "the run ends",
      async () => {
        const { body } = await host.call<{ status: string }>("GET", `/api/runs/${run.id}`);
        return ["succeeded", "failed"].includes(body.status) && JSON.stringify(body);
      },
      60_000,
    );
  };
  const shown = await runToEnd();
  expect(JSON.parse(shown)).toMatchObject({
    status: "succeeded",
    steps: [{ return_value: USED.variable.length, logs: [{ message: "has ********" }] }],
  });
  const { body: connect } = await host.call<{ token: string }>("POST", "/v1/connect/local/tokens", {
    external_user_id: "local",
    webhook_uri: `http://127.0.0.1:${port}/${USED.tokenReceiver}`,
  });
  const { body: answer } = await host.call<Record<string, string>>("POST", "/api/sign-in-links", {});
  const link = Object.values(answer).find((value) => /^http/.test(value)) ?? "";
  const code = new URL(link).searchParams.get("code") ?? "";
  const signedIn = await fetch(link, { redirect: "manual" });
  const [, cookieName = "", cookie = ""] =
    /^([^=]+)=([^;]+)/.exec(signedIn.headers.getSetCookie()[0] ?? "") ?? [];
  const hooks = await host.call<{ webhooks: { signing_key: string }[] }>(
    "GET",
    `/v1/connect/local/deployed-triggers/${trigger}/webhooks`,
  );
  await until("a delivery", async () => received.length > 0, 60_000);
  const oauth = await signInByOAuth(host, `http://127.0.0.1:${port}`);
  await until("the token was refreshed", async () => granted >= 2, 60_000);
  const server = await serverToken(host);
  const ran = await host.call<{ ret: { last: string } }>("POST", "/v1/connect/local/actions/run", {
    id: "conformance_oauth-show-token",
    external_user_id: "local",
    configured_props: { account: { authProvisionId: oauth } },
  });
  expect(USED.refreshed.endsWith(ran.body.ret.last)).toBe(true);
  const secrets = {
    ...USED,
    server,
    operator: credentials.token ?? "",
    client: credentials.client_secret ?? "",
    connect: connect.token,
    code,
    cookie,
    signing: hooks.body.webhooks[0]?.signing_key ?? "",
    key: readFileSync(join(dataDir, "encryption.key"), "utf8").trim(),
  };
  for (const [name, value] of Object.entries(secrets))
    expect({ name, long: value.length >= 20 }).toEqual({ name, long: true });

  expectNone("processes", processesBelow(host.process.pid ?? 0), secrets);
  const { event: _, ...notOfTheRun } = secrets;
  expectNone("a run's answer", shown, notOfTheRun);
  expectNone(
    "lists",
    JSON.stringify((await host.call("GET", "/v1/connect/local/accounts?external_user_id=local")).body),
    secrets,
  );
  expectNone("an answer of an action", JSON.stringify(ran.body), secrets);
  expectNone("answers", await answers(host, `${cookieName}=${cookie}`, oauth), notOfTheRun);
  await host.stop();
  expectNone("log", host.said(), secrets);
  expectNone("database", await dump(), secrets);

  // The key is changed: by a wrong key not at all, from the file by a random one, and a change that was cut off is finished.
  const keyFile = join(dataDir, "encryption.key");
  const before = await dump();
  const wrong = randomBytes(32).toString("base64");
  const refused = rotate({ HOST_ENCRYPTION_KEY: wrong, NEW_ENCRYPTION_KEY: wrong });
  expect(refused).toMatchObject({ status: 1, out: "" });
  expect(refused.said).toContain(
    "is not the one that this database was encrypted with, so nothing was changed",
  );
  expect(refused.said).not.toContain(wrong);
  expect(rotate({ HOST_ENCRYPTION_KEY: wrong }).said).toContain("NEW_ENCRYPTION_KEY");
  expect(await dump()).toBe(before);
  await expect(start({ HOST_ENCRYPTION_KEY: wrong })).rejects.toThrow(
    "The key in HOST_ENCRYPTION_KEY is not the one that this database was encrypted with",
  );

  copyFileSync(keyFile, `${keyFile}.former`);
  const changed = rotate();
  expect({ said: changed.said, status: changed.status }).toEqual({ said: "", status: 0 });
  expect((JSON.parse(changed.out) as { values: number }).values).toBeGreaterThanOrEqual(8);
  const next = readFileSync(keyFile, "utf8").trim();
  expect(next).not.toBe(secrets.key);
  renameSync(keyFile, `${keyFile}.next`);
  renameSync(`${keyFile}.former`, keyFile);
  await expect(start()).rejects.toThrow("npm run rotate-key changes to another, and finishes a change");
  expect(JSON.parse(rotate().out)).toEqual({ values: 0, key: keyFile });
  expect(readFileSync(keyFile, "utf8").trim()).toBe(next);

  host = await start();
  try {
    const running = rotate();
    expect(running.said).toContain("A host or worker is connected to this database. Stop all of them first.");
    const { body: account } = await host.call<{ credentials: Record<string, string> }>(
      "GET",
      `/v1/connect/local/accounts/${made.body.id}?include_credentials=true`,
    );
    expect(account.credentials).toMatchObject({ api_key: USED.account });
    const again = await host.call<{ webhook_urls: string[]; webhooks: { signing_key: string }[] }>(
      "GET",
      `/v1/connect/local/deployed-triggers/${trigger}/webhooks`,
    );
    expect(again.body).toMatchObject({ webhook_urls: [hook], webhooks: [{ signing_key: secrets.signing }] });
    expect(JSON.parse(await runToEnd())).toMatchObject({ status: "succeeded" });
  } finally {
    await host.stop();
  }
});
