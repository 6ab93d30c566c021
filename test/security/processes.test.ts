import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemMeans } from "../../host/src/execution/process-command";
import { Runtime } from "../../host/src/execution/runtime";
import type { ComponentError } from "../../host/src/execution/protocol";
import { readNetworks } from "../../host/src/outbound/address-rule";
import { Outbound } from "../../host/src/outbound/outbound";

jest.setTimeout(120_000);
const root = join(__dirname, "../..");
const file = join(__dirname, "fixtures/actions/trespass/trespass.mjs");

let server: Server;
let port: number;
let folder: string;
let runtime: Runtime;
beforeAll(async () => {
  server = createServer((_, response) => response.end("inner page"));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  ({ port } = server.address() as AddressInfo);
  folder = realpathSync(mkdtempSync(join(tmpdir(), "processes-")));
  writeFileSync(join(folder, "credentials.json"), "the host's");
  runtime = startRuntime("");
});
afterAll(() => {
  runtime.stop();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function startRuntime(networks: string): Runtime {
  return new Runtime({
    workerFile: join(root, "host/dist/worker.mjs"),
    maxProcesses: 2,
    limits: { memoryMb: 128 },
    idleMs: 60_000,
    maxJobs: 1000,
    surroundings: {
      isolation: { readable: [join(__dirname, "fixtures")], permissions: [] },
      outbound: new Outbound(readNetworks(networks)),
      folders: join(folder, "runs"),
    },
  });
}

interface Done {
  error?: ComponentError;
  value?: unknown;
}

async function attempt(
  way: string,
  on?: string,
  options: { in?: Runtime; tenant?: string } = {},
): Promise<Done> {
  const outcome = await (options.in ?? runtime).run({
    file,
    tenant: options.tenant ?? "somebody",
    task: {
      type: "action",
      input: {
        configuredProps: { way, ...(on === undefined ? {} : { on }) },
        auth: {},
        limits: { dbBytes: 1000, resultBytes: 1_000_000, saveEvents: 500, saveMs: 5000 },
      },
      context: {},
    },
    timeoutMs: 20_000,
    handlers: {},
    secrets: [],
  });
  return {
    ...(outcome.error ? { error: outcome.error } : {}),
    value: (JSON.parse(outcome.result ?? "{}") as { ret?: unknown }).ret,
  };
}

describe("A component's process", () => {
  it.each([
    ["read", "/etc/passwd"],
    ["read", "/proc/self/environ"],
    ["read", "/proc/1/environ"],
    ["read", join(root, "package-lock.json")],
    ["list", "/"],
    ["list", "/etc"],
    ["write", "/var/tmp/written"],
    ["write", "/tmp/../var/tmp/written"],
    ["link", "/etc/passwd"],
    ["worker", undefined],
  ])("may not %s %s", async (way, on) => {
    const { error, value } = await attempt(way, on);
    expect(value).toBeUndefined();
    expect(error?.message).toMatch(
      /Access to this API has been restricted|requires full fs.read|no such file/,
    );
  });

  it("may not read the host's folder, write to its own package, or start programs and databases", async () => {
    expect((await attempt("read", join(folder, "credentials.json"))).value).toBeUndefined();
    expect((await attempt("list", join(folder, "runs"))).value).toBeUndefined();
    expect((await attempt("write", join(__dirname, "fixtures/evil"))).value).toBeUndefined();
    expect(existsSync(join(__dirname, "fixtures/evil"))).toBe(false);
    expect((await attempt("spawn")).error?.message ?? (await attempt("spawn")).value).toMatch(
      /restricted|ERR_ACCESS_DENIED/,
    );
    expect((await attempt("sqlite")).error?.message).toContain("node:sqlite");
  });

  it("has a folder of its own as temporary folder, empty at each run and gone with the process", async () => {
    const own = systemMeans().unshare ? "/tmp" : undefined;
    expect((await attempt("write", `${own ?? folder}/left-behind`)).error === undefined).toBe(
      own !== undefined,
    );
    const left = await attempt("list", own ?? folder);
    if (own) expect(left.value).not.toContain("left-behind");
    expect(existsSync("/tmp/left-behind")).toBe(false);
    const other = startRuntime("");
    await attempt("uid", undefined, { in: other });
    const before = readdirSync(join(folder, "runs")).length;
    other.stop();
    for (let waited = 0; readdirSync(join(folder, "runs")).length >= before && waited < 100; waited += 1)
      await new Promise((done) => setTimeout(done, 50));
    expect(readdirSync(join(folder, "runs")).length).toBe(before - 1);
  });

  it("sees none of the host's settings", async () => {
    process.env.HOST_ENCRYPTION_KEY = "of the host";
    try {
      const { value } = await attempt("environment", undefined, { tenant: "another" });
      expect(value).not.toContain("HOST_ENCRYPTION_KEY");
      expect(value).not.toContain("DATABASE_URL");
    } finally {
      delete process.env.HOST_ENCRYPTION_KEY;
    }
  });

  it("reaches no socket of another program, and its own ones", async () => {
    // Open to every user, as those of some services are.
    const path = `/run/processes-${process.pid}.sock`;
    const places = existsSync("/run") && process.getuid?.() === 0 ? [path] : [];
    places.push(`/var/tmp/processes-${process.pid}.sock`);
    const servers = await Promise.all(
      places.map(async (place) => {
        const inner = createServer((_, response) => response.end("inner service"));
        await new Promise<void>((done) => inner.listen(place, done));
        chmodSync(place, 0o777);
        return inner;
      }),
    );
    try {
      for (const place of [...places, places.map((one) => `/tmp/..${one}`), "\0abstract"].flat())
        for (const way of ["unix", "unixHttp"]) {
          const { error, value } = await attempt(way, place);
          expect({ way, place, value, error: error?.message }).toEqual({
            ...{ way, place, value: undefined },
            error: expect.stringMatching(/no sockets of other programs/),
          });
        }
      expect(await attempt("unixOwn")).toEqual({ value: "connected" });
      if (systemMeans().unshare)
        expect((await attempt("list", "/run")).error?.message).toMatch(/restricted|no such file/);
    } finally {
      for (const inner of servers) await new Promise((done) => inner.close(done));
    }
  });

  it("reaches no inner address, by whatever means", async () => {
    for (const url of [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://2130706433:${port}/`,
    ]) {
      const { error } = await attempt("fetch", url);
      expect(error?.message).toMatch(/^fetch failed: .* is a loopback address/);
    }
    expect((await attempt("socket", String(port))).error?.message).toContain(
      "127.0.0.1 is a loopback address",
    );
    expect((await attempt("udp")).error?.message).toContain("no UDP");
    if (systemMeans().unshare) expect((await attempt("networks")).value).toEqual([]);
  });

  it("reaches what the operator opened", async () => {
    const open = startRuntime(`127.0.0.1:${port}`);
    expect((await attempt("fetch", `http://localhost:${port}/`, { in: open })).value).toBe("inner page");
    expect((await attempt("socket", String(port), { in: open })).value).toBe("connected");
    open.stop();
  });

  it.each([
    "null",
    "1",
    '"text"',
    "[]",
    "{}",
    '{"type":"done"}',
    '{"type":"save","job":1,"save":null}',
    '{"type":"save","job":1,"save":{"events":[{"payload":{}}]}}',
    '{"type":"dial","id":1,"host":"x","port":-1}',
    '{"type":"call","job":1,"call":1,"method":"x","args":"none"}',
    '{"type":"__proto__"}',
  ])("that sends %s is ended alone", async (text) => {
    const { error } = await attempt("say", text, { tenant: `says ${text}` });
    expect(error?.name).toBe("BadMessage");
    expect((await attempt("networks")).error).toBeUndefined();
  });

  it("that loops after its run is replaced before the next", async () => {
    expect((await attempt("loopLater", undefined, { tenant: "loops" })).value).toBe("done");
    await new Promise((done) => setTimeout(done, 300));
    const { value, error } = await attempt("networks", undefined, { tenant: "loops" });
    expect(error).toBeUndefined();
    expect(value).toBeDefined();
  });

  it("runs a module from outside of the packages from a copy, which imports what the packages can, and nothing else of its surroundings", async () => {
    const outside = join(folder, "workflow-code", "one");
    mkdirSync(outside, { recursive: true });
    writeFileSync(join(outside, "beside.mjs"), "export default 'beside';");
    writeFileSync(
      join(outside, "step.mjs"),
      `import fs from "node:fs"; import beside from "./beside.mjs"; import { z } from "zod";
       const look = (path) => { try { return fs.readFileSync(path, "latin1").length; } catch (error) { return error.code; } };
       export default { key: "code-one", type: "action", run: () => [beside, typeof z.string, look(${JSON.stringify(join(outside, "step.mjs"))}), look(${JSON.stringify(join(folder, "credentials.json"))})] };`,
    );
    const { result, error } = await runtime.run({
      file: join(outside, "step.mjs"),
      tenant: "somebody",
      task: {
        type: "action",
        input: {
          configuredProps: {},
          auth: {},
          limits: { dbBytes: 1000, resultBytes: 1_000_000, saveEvents: 500, saveMs: 5000 },
        },
        context: {},
      },
      timeoutMs: 20_000,
      handlers: {},
      secrets: [],
    });
    expect(error).toBeUndefined();
    const { ret } = JSON.parse(result ?? "{}") as { ret: unknown[] };
    expect(ret.slice(0, 2)).toEqual(["beside", "function"]);
    for (const seen of ret.slice(2)) expect(seen).toMatch(/ERR_ACCESS_DENIED|ENOENT/);
  });

  it("gives its place back when the input cannot be handed over", async () => {
    const deep = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`) as unknown;
    const outcomes = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        runtime.run({
          file,
          tenant: `deep ${n}`,
          task: {
            type: "action",
            input: {
              configuredProps: { way: "uid", on: deep },
              auth: {},
              limits: { dbBytes: 1, resultBytes: 1000, saveEvents: 1, saveMs: 1 },
            },
            context: {},
          },
          timeoutMs: 20_000,
          handlers: {},
          secrets: [],
        }),
      ),
    );
    for (const { error } of outcomes) expect(error).toBeDefined();
    expect((await attempt("networks")).error).toBeUndefined();
  });

  const asRoot = process.getuid?.() === 0 && systemMeans().setpriv ? it : it.skip;
  asRoot(
    "runs as a user of its own where the host is root, when that user can read the project",
    async () => {
      const uid = (await attempt("uid")).value;
      expect(uid).toBeGreaterThanOrEqual(60_601);
      expect((await attempt("signal")).error?.message).toContain("EPERM");
      expect(readFileSync("/proc/self/status", "utf8")).toContain("Uid:\t0");
    },
  );
});
