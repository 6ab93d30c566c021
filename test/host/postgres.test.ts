import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startHost, temporaryFolder, until, type TestHost } from "./host";
import { describeWithPostgres, startPostgres } from "./postgres-server";

const env = { HOST_ENCRYPTION_KEY: "a key for tests only", SAVE_EVENTS: "1" };
const root = join(__dirname, "../..");

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
