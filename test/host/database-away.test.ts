import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { deployCounter, expectGapless, numbersOf, untilCounted } from "./counting";
import { startHost, temporaryFolder, until, type TestHost } from "./host";
import { startPostgres, type PostgresServer } from "./postgres-server";
import { SHARED } from "./worker";
import { present } from "../helpers/present";

let postgres: PostgresServer;
let host: TestHost | undefined;
let receiver: Server;
const received: { id: string; n: number }[] = [];
let hook = "";

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { n } = JSON.parse(body) as { n: number };
      received.push({ id: String(request.headers["x-pd-emission-id"]), n });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  postgres = await startPostgres();
  host = await startHost({ env: { ...SHARED, DATABASE_URL: postgres.url } });
}, 180_000);
afterAll(async () => {
  await host?.stop();
  receiver.close();
  await postgres?.stop();
});

const outages: [string, () => Promise<void>, number][] = [
  ["restarted", () => postgres.halt(), 0],
  ["killed", () => postgres.kill(), 0],
  ["away for a minute", () => postgres.halt(), 60_000],
];

test.each(outages)(
  "polls and deliveries go on after the database was %s, and nothing is lost, doubled or out of order",
  async (_how, end, awayMs) => {
    received.length = 0;
    const id = await deployCounter(
      present(host),
      { timer: { intervalSeconds: 1 }, perRun: 4, slice: 1, pauseMs: 200 },
      { webhook_url: hook },
    );
    await untilCounted(present(host), id, 3);
    await until("a delivery", async () => received.length > 0);
    await end();
    const refused = await present(host).call<{ error: string }>("GET", "/api/triggers");
    expect({ status: refused.status, error: refused.body.error }).toEqual({
      status: 503,
      error: expect.stringContaining("The database does not answer") as unknown,
    });
    const lines = present(host).said().split("\n").length;
    await delay(awayMs);
    // It waits for the database with pauses, and says so a few times, not thousands of times.
    expect(present(host).said().split("\n").length - lines).toBeLessThan(60);
    await postgres.resume();
    const before = await until("the database again", async () => (await numbersOf(present(host), id)).length);
    await untilCounted(present(host), id, before + 12, 120_000);
    await present(host).call("PUT", `/v1/connect/local/deployed-triggers/${id}`, { active: false });
    const numbers = await numbersOf(present(host), id);
    expectGapless(numbers);
    await until(
      "all deliveries",
      async () => new Set(received.map(({ n }) => n)).size === numbers.length,
      60_000,
    );
    const firstTimes = received.filter(({ n }, at) => received.findIndex((other) => other.n === n) === at);
    expect(firstTimes.map(({ n }) => n)).toEqual(numbers);
  },
  300_000,
);

test("a host waits for a database that is not there yet, with words, and starts when it is", async () => {
  await postgres.halt();
  const dataDir = temporaryFolder();
  const starting = startHost({ dataDir, env: { ...SHARED, DATABASE_URL: postgres.url } });
  await delay(4000);
  await postgres.resume();
  const late = await starting;
  try {
    expect(late.said()).toMatch(
      /The database at 127\.0\.0\.1:\d+\/postgres does not answer: .*Trying again in 1 s/,
    );
    expect(late.said()).not.toContain("of-a-test");
    expect((await late.call("GET", "/api/triggers")).status).toBe(200);
  } finally {
    await late.stop();
  }
}, 120_000);
