import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startHost, temporaryFolder, until, type TestHost } from "./host";

const BIN = [
  "/usr/lib/postgresql/17/bin",
  "/usr/lib/postgresql/16/bin",
  "/usr/lib/postgresql/15/bin",
  "/usr/local/bin",
].find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
const describeWithPostgres = BIN ? describe : describe.skip;
const NOBODY = 65_534;
const env = { HOST_ENCRYPTION_KEY: "a key for tests only", SAVE_EVENTS: "1" };
const root = join(__dirname, "../..");

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** A PostgreSQL server of its own; it refuses to run as root, so that it runs as nobody there. */
async function startPostgres(): Promise<{ url: string; stop(): void }> {
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
  const server = spawn(
    join(BIN!, "postgres"),
    [
      "-D",
      data,
      "-p",
      String(port),
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      `unix_socket_directories=${folder}`,
      "-c",
      "fsync=off",
    ],
    { ...options, stdio: "ignore" },
  );
  return {
    url: `postgres://host@127.0.0.1:${port}/postgres`,
    stop() {
      server.kill("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startWorker(databaseUrl: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, "host/dist/main.mjs"), "--worker"], {
    cwd: root,
    env: {
      ...process.env,
      ...env,
      DATABASE_URL: databaseUrl,
      DATA_DIR: temporaryFolder(),
      COMPONENT_PACKAGES: join(__dirname, "fixtures"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((done) => createInterface({ input: child.stdout }).once("line", done));
  return child;
}

describeWithPostgres("with a PostgreSQL server", () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let host: TestHost | undefined;
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    host = await until(
      "the database",
      async () => startHost({ env: { ...env, DATABASE_URL: postgres.url } }).catch(() => undefined),
      90_000,
    );
    workers.push(await startWorker(postgres.url), await startWorker(postgres.url));
  }, 180_000);
  afterAll(async () => {
    for (const worker of workers) worker.kill("SIGKILL");
    await host?.stop();
    postgres?.stop();
  });

  test("workers share the polls, no trigger is polled twice at a time, and a killed worker's triggers go on", async () => {
    const ids: string[] = [];
    for (let at = 0; at < 6; at += 1) {
      const { body } = await host!.call<{ data: { id: string } }>(
        "POST",
        "/v1/connect/local/triggers/deploy",
        {
          id: "conformance-counter",
          external_user_id: "local",
          configured_props: { timer: { intervalSeconds: 1 }, perRun: 4, slice: 1, pauseMs: 30 },
        },
      );
      ids.push(body.data.id);
    }
    const numbers = async (id: string): Promise<number[]> =>
      (
        await host!.call<{ data: { e: { n: number } }[] }>(
          "GET",
          `/v1/connect/local/deployed-triggers/${id}/events?n=100000`,
        )
      ).body.data.map(({ e }) => e.n);
    const grown = async (by: number, from: number[]): Promise<boolean> =>
      (await Promise.all(ids.map(numbers))).every((list, at) => list.length >= from[at]! + by);
    await until(
      "first polls",
      () =>
        grown(
          9,
          ids.map(() => 0),
        ),
      60_000,
    );
    workers[0]!.kill("SIGKILL");
    const atKill = (await Promise.all(ids.map(numbers))).map((list) => list.length);
    // A lock of the killed worker runs out after half a minute.
    await until("polls of all after the kill", () => grown(9, atKill), 100_000);
    for (const list of await Promise.all(ids.map(numbers))) expect(list).toEqual(list.map((_, n) => n));
  }, 240_000);
});
