import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

// A first start makes a database, which takes a while on a busy machine.
if (typeof jest !== "undefined") jest.setTimeout(120_000);

const root = join(__dirname, "../..");
export const fixtures = join(__dirname, "fixtures");

/** A host in its own process, and a client with its bearer token. */
export interface TestHost {
  url: string;
  token: string;
  dataDir: string;
  process: ChildProcess;
  /** What it wrote to stderr. */
  said(): string;
  /** Sends JSON with the bearer token; gives status and body for any answer. */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: T }>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "host-test-"));
}

/** Starts the built host with the fixture components beside the project's own. Rejects with what it said when it ends. */
export async function startHost(
  options: { dataDir?: string; env?: Record<string, string>; port?: string } = {},
): Promise<TestHost> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const child = spawn(process.execPath, [join(root, "host/dist/main.mjs"), "--port", options.port ?? "0"], {
    cwd: root,
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      COMPONENT_PACKAGES: fixtures,
      ALLOWED_NETWORKS: "127.0.0.0/8,::1",
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  const first = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    void exited.then(() => reject(new Error(said || "The host ended and said nothing.")));
  });
  const { url, token_file } = JSON.parse(first) as { url: string; token_file: string };
  const { token } = JSON.parse(readFileSync(token_file, "utf8")) as { token: string };
  return {
    url,
    token,
    dataDir,
    process: child,
    said: () => said,
    async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T };
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await exited;
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs the check again until it gives a value, at most for the time given. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  ms = 15_000,
): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`Not within ${ms} ms: ${what}`);
}
