import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import pg from "pg";
import { EmbeddedServer, type EmbeddedConnection } from "../../../host/src/db/embedded-server";

export const root = join(__dirname, "../../..");
export const isRoot = process.getuid?.() === 0;
export const asRoot = isRoot ? it : it.skip;
/** A user that is not root and owns nothing. */
export const OTHER_UID = 61_000;

const open: (() => unknown)[] = [];
/** Does this after the test, the last one first. */
export function afterwards(work: () => unknown): void {
  open.push(work);
}
export async function cleanUp(): Promise<void> {
  for (const work of open.splice(0).reverse()) await work();
}

export function folder(parent = tmpdir()): string {
  const made = mkdtempSync(join(parent, "db-test-"));
  afterwards(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

export interface Started {
  server: EmbeddedServer;
  pool: pg.Pool;
  said: string[];
}

export async function start(dataDir: string, packageHome?: string): Promise<Started> {
  const said: string[] = [];
  const server = await EmbeddedServer.start({
    dataDir,
    log: (message) => void said.push(message),
    ...(packageHome === undefined ? {} : { packageHome }),
  });
  const pool = new pg.Pool({ ...server.connection, max: 4 });
  pool.on("error", () => undefined);
  afterwards(async () => {
    await pool.end();
    await server.stop();
  });
  return { server, pool, said };
}

/** The first column of the first row. */
export async function value<T>(
  pool: pg.Pool | pg.Client,
  sql: string,
  parameters: unknown[] = [],
): Promise<T> {
  const { rows } = await pool.query<unknown[]>({ text: sql, values: parameters, rowMode: "array" });
  return rows[0]?.[0] as T;
}

/** The file that `server-process.ts` is bundled into; every user may read it. */
export function program(): string {
  const outfile = join(folder(), "server-process.mjs");
  buildSync({
    absWorkingDir: root,
    entryPoints: [join(__dirname, "server-process.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
  });
  chmodSync(dirname(outfile), 0o755);
  return outfile;
}

export interface ServerProcess {
  child: ChildProcess;
  said(): string;
  /** What its first line says. */
  first: { pid: number; connection: EmbeddedConnection; error?: string };
}

/** Runs the program; with `before`, through other commands such as `unshare`. */
export async function startProcess(
  dataDir: string,
  options: SpawnOptions & { before?: string[]; file?: string } = {},
): Promise<ServerProcess> {
  const { before = [], file = program(), ...rest } = options;
  const [command = "", ...args] = [...before, process.execPath, file];
  const child = spawn(command, args, {
    cwd: root,
    ...rest,
    env: { ...process.env, DATA_DIR: dataDir, ...rest.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  afterwards(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  const line = await new Promise<string>((resolve, reject) => {
    if (child.stdout) createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", () => reject(new Error(said || "It ended and said nothing.")));
  });
  return { child, said: () => said, first: JSON.parse(line) as ServerProcess["first"] };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A process that nobody has waited for yet is gone all the same.
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
  return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
}

/** Looks again until the check gives true, at most for the time given. */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  ms = 20_000,
): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((done) => setTimeout(done, 20)))
    if (await check()) return;
  throw new Error(`Not within ${ms} ms: ${what}`);
}

/** A file system of this size in memory; only root can make one. */
export async function smallDisk(megabytes: number): Promise<string> {
  const at = folder();
  mkdirSync(join(at, "disk"));
  const mount = spawn("mount", [
    "-t",
    "tmpfs",
    "-o",
    `size=${megabytes}m,mode=0755`,
    "tmpfs",
    join(at, "disk"),
  ]);
  const [code] = (await once(mount, "exit")) as [number];
  if (code !== 0) throw new Error(`mount ended with ${code}`);
  afterwards(async () => {
    await once(spawn("umount", ["-l", join(at, "disk")]), "exit");
  });
  return join(at, "disk");
}
