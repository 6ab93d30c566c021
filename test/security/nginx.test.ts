import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { findNginx } from "../../scripts/nginx";
import { deployCounter } from "../host/counting";
import { startHost, until, type TestHost } from "../host/host";
import { signInLink } from "../host/callers";
import { cookiesOf, type Answer } from "../host/raw";

const NAME = "host.example.com";
const guide = readFileSync(join(__dirname, "../../docs/operate.md"), "utf8");

let host: TestHost;
let nginx: ChildProcess;
let folder: string;
let said = "";
const ports = { asWritten: 0, defaultHost: 0 };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** The block of the guide, with the addresses and files of this test in it. */
function serverBlock(port: number, withHost: boolean): string {
  const [, block = ""] = /```nginx\n([\s\S]*?)```/.exec(guide) ?? [];
  const changes: [string, string][] = [
    ["listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`],
    ["/etc/ssl/host.example.com.pem", join(folder, "cert.pem")],
    ["/etc/ssl/host.example.com.key", join(folder, "key.pem")],
    ["proxy_pass http://127.0.0.1:3000;", `proxy_pass ${host.url};`],
    ...(withHost ? [] : [["proxy_set_header Host $host;", ""] as [string, string]]),
  ];
  return changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, block);
}

beforeAll(async () => {
  const program = findNginx();
  if (!program)
    throw new Error(
      "nginx is not installed, so nothing was tried behind it. Debian: `apt-get install nginx-light`; or set NGINX_PATH.",
    );
  folder = mkdtempSync(join(tmpdir(), "nginx-"));
  host = await startHost({ env: { PUBLIC_URL: `https://${NAME}`, TRUSTED_PROXIES: "127.0.0.1" } });
  const { cert, private: key } = await generate([{ name: "commonName", value: NAME }]);
  writeFileSync(join(folder, "cert.pem"), cert);
  writeFileSync(join(folder, "key.pem"), key, { mode: 0o600 });
  ports.asWritten = await freePort();
  ports.defaultHost = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => {
    mkdirSync(join(folder, name));
    return `${name}_temp_path ${join(folder, name)};`;
  });
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off; ${process.getuid?.() === 0 ? "user root;" : ""} pid ${folder}/pid; error_log stderr warn; events {}
     http { access_log off; ${temporary.join(" ")} ${serverBlock(ports.asWritten, true)} ${serverBlock(ports.defaultHost, false)} }`,
  );
  nginx = spawn(program, ["-p", folder, "-c", join(folder, "nginx.conf")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  nginx.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await until("nginx listens", async () => {
    if (nginx.exitCode !== null) throw new Error(said);
    return new Promise<boolean>((resolve) => {
      const socket = connect(ports.defaultHost, "127.0.0.1", () => resolve(socket.destroy() !== undefined));
      socket.once("error", () => resolve(false));
    });
  });
});
afterAll(async () => {
  if (nginx?.exitCode === null) {
    const ended = new Promise((done) => nginx.once("exit", done));
    nginx.kill("SIGQUIT");
    nginx.kill("SIGTERM");
    await ended;
  }
  await host?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Through nginx, over TLS, as a browser at https://host.example.com would; `read` ends a body that does not. */
function through(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
  read?: (text: string) => boolean,
): Promise<Answer> {
  const content = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{
          host: "127.0.0.1",
          port,
          method,
          path,
          servername: NAME,
          rejectUnauthorized: false,
          agent: false,
        },
        headers: { host: NAME, ...(content ? { "content-type": "application/json" } : {}), ...headers },
        timeout: 30_000,
      },
      (response) => {
        let text = "";
        const answer = (): void =>
          resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers });
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (read?.(text)) {
            answer();
            sent.destroy();
          }
        });
        response.once("end", answer);
        response.once("error", reject);
      },
    );
    sent.once("timeout", () => sent.destroy(new Error(`${method} ${path} was not answered within 30 s`)));
    sent.once("error", reject);
    sent.end(content);
  });
}

describe.each(["asWritten", "defaultHost"] as const)("behind nginx, configuration: %s", (variant) => {
  const ask = (
    ...[method, path, headers, body, read]: Parameters<typeof through> extends [number, ...infer Rest]
      ? Rest
      : never
  ) => through(ports[variant], method, path, headers, body, read);

  test("nothing is open without a sign-in, whatever the proxy and the caller say of themselves", async () => {
    expect((await ask("GET", "/")).status).toBe(200);
    for (const headers of [
      {},
      { "x-forwarded-for": "127.0.0.1" },
      { "x-forwarded-host": "localhost", "x-forwarded-proto": "http" },
      { "x-real-ip": "127.0.0.1", forwarded: "for=127.0.0.1;host=localhost" },
    ] as Record<string, string>[])
      for (const [method, path] of [
        ["GET", "/api/session"],
        ["GET", "/api/triggers"],
        ["GET", "/api/stream"],
        ["GET", "/v1/connect/local/accounts"],
        ["POST", "/api/sign-in-links"],
        ["POST", "/mcp"],
        ["GET", "/metrics"],
      ] as const) {
        const { status, headers: given } = await ask(
          method,
          path,
          headers,
          method === "POST" ? {} : undefined,
        );
        expect({ method, path, headers, status, cookie: given["set-cookie"] }).toEqual({
          ...{ method, path, headers, status: 401, cookie: undefined },
        });
      }
  });

  test("page, live news, endpoints and tools of agents work after the sign-in", async () => {
    const link = new URL(await signInLink(host));
    expect(link.origin).toBe(`https://${NAME}`);
    const signedIn = await ask("GET", link.pathname + link.search);
    expect(String(signedIn.headers["set-cookie"])).toMatch(/^__Host-.*; Secure/);
    const cookie = cookiesOf(signedIn);
    const session = await ask("GET", "/api/session", { cookie });
    const { csrf_token: csrf } = JSON.parse(session.body) as { csrf_token: string };
    const own = { cookie, "x-csrf-token": csrf, "sec-fetch-site": "same-origin", origin: `https://${NAME}` };

    const news = ask("GET", "/api/stream", { cookie }, undefined, (text) => text.includes('"n":2'));
    await deployCounter(host, { perRun: 2 });
    expect((await news).body).toContain('"n":1');

    const foreign = await ask("DELETE", "/api/session", { ...own, origin: "https://elsewhere.example" });
    expect(foreign.status).toBe(403);

    const { body: workflow } = await host.call<{ triggers: { endpoint: string }[] }>(
      "POST",
      "/api/workflows",
      {
        name: `Behind nginx ${variant}`,
        enabled: true,
        triggers: [{ id: "web", uses: "http" }],
        steps: [{ namespace: "code", code: "export default defineComponent({ async run() { return 1; } })" }],
      },
    );
    const endpoint = new URL(workflow.triggers[0]?.endpoint ?? "");
    expect(endpoint.origin).toBe(`https://${NAME}`);
    expect((await ask("POST", endpoint.pathname, {}, { any: "body" })).status).toBe(200);

    const tools = await ask(
      "POST",
      "/mcp",
      { authorization: `Bearer ${host.token}`, accept: "application/json, text/event-stream" },
      {
        ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
        params: {
          protocolVersion: "2025-06-18",
          capabilities: {},
          clientInfo: { name: "test", version: "1" },
        },
      },
      (text) => text.includes("serverInfo"),
    );
    expect(tools).toMatchObject({ status: 200, body: expect.stringContaining("serverInfo") });

    expect((await ask("DELETE", "/api/session", own)).status).toBe(204);
    expect((await ask("GET", "/api/session", { cookie })).status).toBe(401);
  });
});
