import { setTimeout as delay } from "node:timers/promises";
import { deployCounter, expectGapless, numbersOf, untilCounted } from "./counting";
import { startHost, until, type TestHost } from "./host";
import { startPostgres, type PostgresServer } from "./postgres-server";
import { SHARED, startWorker, type TestWorker } from "./worker";
import { present } from "../helpers/present";

let postgres: PostgresServer;
let host: TestHost | undefined;
const workers: TestWorker[] = [];
const triggers: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  host = await startHost({ env: { ...SHARED, DATABASE_URL: postgres.url } });
}, 180_000);
afterEach(async () => {
  for (const id of triggers.splice(0))
    await host?.call("DELETE", `/v1/connect/local/deployed-triggers/${id}`);
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
}, 60_000);
afterAll(async () => {
  await host?.stop();
  await postgres?.stop();
});

async function worker(options?: Parameters<typeof startWorker>[1]): Promise<TestWorker> {
  const started = await startWorker(postgres.url, options);
  workers.push(started);
  return started;
}
async function counter(props: Record<string, unknown>): Promise<string> {
  const id = await deployCounter(present(host), props);
  triggers.push(id);
  return id;
}

test("workers share the polls, no trigger is polled twice at a time, and a killed worker's triggers go on", async () => {
  const [first] = [await worker(), await worker()];
  const ids: string[] = [];
  for (let at = 0; at < 6; at += 1)
    ids.push(await counter({ timer: { intervalSeconds: 1 }, perRun: 4, slice: 1, pauseMs: 30 }));
  for (const id of ids) await untilCounted(present(host), id, 9, 150_000);
  await first.kill();
  const before = await Promise.all(ids.map(async (id) => (await numbersOf(present(host), id)).length));
  for (const [at, id] of ids.entries()) await untilCounted(present(host), id, (before[at] ?? 0) + 9, 150_000);
  for (const id of ids) expectGapless(await numbersOf(present(host), id));
}, 480_000);

/** Who emitted the newest number. */
async function runnerOf(id: string): Promise<number | undefined> {
  const { body } = await present(host).call<{ data: { e: { by?: number } }[] }>(
    "GET",
    `/v1/connect/local/deployed-triggers/${id}/events?n=1`,
  );
  return body.data[0]?.e.by;
}

test("a worker that was frozen during a run is refused when it wakes: another has done the rest", async () => {
  const started = [await worker(), await worker(), await worker()];
  let id = "";
  const frozen = await until(
    "a run on a worker",
    async () => {
      id = await counter({ timer: { intervalSeconds: 3600 }, perRun: 60, slice: 1, pauseMs: 400 });
      const by = await until("its first number", () => runnerOf(id), 60_000);
      return started.find(({ process: { pid } }) => pid === by);
    },
    120_000,
  );
  frozen.process.kill("SIGSTOP");
  const atFreeze = (await numbersOf(present(host), id)).length;
  try {
    // Its heartbeat runs out, and another process goes on after its last save.
    await untilCounted(present(host), id, atFreeze + 8, 60_000);
    expect(await runnerOf(id)).not.toBe(frozen.process.pid);
  } finally {
    frozen.process.kill("SIGCONT");
  }
  await delay(4000);
  expectGapless(await numbersOf(present(host), id));
  expect(await runnerOf(id)).not.toBe(frozen.process.pid);
}, 240_000);

test("a worker whose clock is an hour wrong neither polls too often nor keeps a trigger from its polls", async () => {
  await worker({ clockOffsetMs: 3_600_000 });
  await worker({ clockOffsetMs: -3_600_000 });
  const ids: string[] = [];
  for (let at = 0; at < 4; at += 1) ids.push(await counter({ timer: { intervalSeconds: 2 }, perRun: 1 }));
  for (const id of ids) await untilCounted(present(host), id, 3, 100_000);
  const started = Date.now();
  const before = await Promise.all(ids.map(async (id) => (await numbersOf(present(host), id)).length));
  await delay(12_000);
  // Nobody is kept from its polls, however busy the machine is.
  for (const [at, id] of ids.entries()) await untilCounted(present(host), id, (before[at] ?? 0) + 3);
  for (const [at, id] of ids.entries()) {
    const numbers = await numbersOf(present(host), id);
    expectGapless(numbers);
    const polls = numbers.length - (before[at] ?? 0);
    // One each two seconds, and never more.
    expect(polls).toBeLessThanOrEqual(Math.ceil((Date.now() - started) / 2000) + 1);
  }
  const runs = await postgres.query<{ wrong: number }>(
    "select count(*)::int as wrong from runs where abs(started_at - now_ms()) > 600000",
  );
  expect(runs[0]?.wrong).toBe(0);
}, 240_000);
