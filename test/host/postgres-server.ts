import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "./host";

const BIN = [
  "/usr/lib/postgresql/17/bin",
  "/usr/lib/postgresql/16/bin",
  "/usr/lib/postgresql/15/bin",
  "/usr/local/bin",
].find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
const NOBODY = 65_534;
/** For tests that need a PostgreSQL server; skipped where none is installed. */
export const describeWithPostgres = BIN ? describe : describe.skip;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

export interface PostgresServer {
  url: string;
  /** Ends it in good order; its data stays. */
  halt(): Promise<void>;
  /** Starts it again after `halt`. */
  resume(): void;
  stop(): void;
}

/** A PostgreSQL server of its own; it refuses to run as root, so that it runs as nobody there. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = temporaryFolder();
  const data = join(folder, "data");
  mkdirSync(data);
  chmodSync(folder, 0o755);
  const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (as.uid) {
    chownSync(folder, NOBODY, NOBODY);
    chownSync(data, NOBODY, NOBODY);
  }
  const options = { ...as, cwd: folder, env: { PATH: process.env.PATH, HOME: folder, LANG: "C" } };
  execFileSync(join(BIN!, "initdb"), ["-D", data, "-U", "host", "--auth=trust", "-N"], {
    ...options,
    stdio: "ignore",
  });
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`, "fsync=off"];
  const start = (): ChildProcess =>
    spawn(
      join(BIN!, "postgres"),
      ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
      { ...options, stdio: "ignore" },
    );
  let server = start();
  return {
    url: `postgres://host@127.0.0.1:${port}/postgres`,
    async halt() {
      const ended = once(server, "exit");
      server.kill("SIGINT");
      await ended;
    },
    resume() {
      server = start();
    },
    stop() {
      server.kill("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
