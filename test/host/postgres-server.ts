import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { findPostgres } from "../../host/src/db/postgres-programs";
import { temporaryFolder } from "./host";

const NOBODY = 65_534;
const PASSWORD = "of-a-test";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** A server elsewhere, as `DATABASE_URL` names one: the programs are those the host brings. */
export interface PostgresServer {
  url: string;
  /** Ends it in good order; its data stay. */
  halt(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again. Resolves when it answers. */
  resume(): Promise<void>;
  /** The rows of a query. */
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** It refuses to run as root, so that it runs as nobody there. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = temporaryFolder();
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  mkdirSync(data);
  chmodSync(folder, 0o755);
  writeFileSync(passwordFile, PASSWORD);
  const uid = process.getuid?.() === 0 ? NOBODY : undefined;
  const as = uid === undefined ? {} : { uid, gid: uid };
  if (uid !== undefined) for (const path of [folder, data, passwordFile]) chownSync(path, uid, uid);
  const { home } = findPostgres({ ownFolder: folder, ...(uid === undefined ? {} : { uid }) });
  const options = { ...as, cwd: folder, env: { PATH: process.env.PATH, HOME: folder, LANG: "C" } };
  execFileSync(
    join(home, "bin", "initdb"),
    ["-D", data, "-U", "host", "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "-N"],
    { ...options, stdio: "ignore" },
  );
  const port = await freePort();
  const url = `postgres://host:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`, "fsync=off"];
  const start = (): ChildProcess =>
    spawn(
      join(home, "bin", "postgres"),
      ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
      { ...options, stdio: "ignore" },
    );
  let server = start();
  const query = async <Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return (await client.query(sql, parameters)).rows as Row[];
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const answers = async (): Promise<void> => {
    for (const end = Date.now() + 60_000; ; await delay(50))
      try {
        await query("select 1");
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill(signal);
    await ended;
  };
  await answers();
  return {
    url,
    query,
    halt: () => end("SIGINT"),
    kill: () => end("SIGKILL"),
    async resume() {
      server = start();
      await answers();
    },
    async stop() {
      await end("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
