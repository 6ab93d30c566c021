import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployCounter, untilCounted } from "../host/counting";
import { fixtures, startHost, until, type TestHost } from "../host/host";
import { startPostgres, type PostgresServer } from "../host/postgres-server";

jest.setTimeout(300_000);
const P = "/v1/connect/local";

let postgres: PostgresServer;
let dataDir: string;
let host: TestHost;
let other: Server;
const asked: string[] = [];
let answers = true;

const start = (): Promise<TestHost> =>
  startHost({
    dataDir,
    env: { DATABASE_URL: postgres.url, COMPONENT_PACKAGES: `${fixtures}:${join(__dirname, "fixtures")}` },
  });
beforeAll(async () => {
  postgres = await startPostgres();
  dataDir = mkdtempSync(join(tmpdir(), "recovery-"));
  other = createServer((request, response) => {
    asked.push(request.url ?? "");
    request.resume();
    if (answers || request.url !== "/register") response.end("ok");
  });
  await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
  host = await start();
});
afterAll(async () => {
  await host.stop();
  other.closeAllConnections();
  other.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const deploy = (): Promise<{ status: number; body: { data: { id: string } } }> =>
  host.call("POST", `${P}/triggers/deploy`, {
    id: "registering",
    external_user_id: "local",
    configured_props: { server: `http://127.0.0.1:${(other.address() as AddressInfo).port}` },
  });

test("what a host that was killed had registered is taken back; polls of a clock that was set back go on", async () => {
  // A trigger that runs, one that is being changed and one that is being deployed when the host dies.
  const kept = (await deploy()).body.data.id;
  const counter = await deployCounter(host, { perRun: 1, timer: { intervalSeconds: 2 } });
  await untilCounted(host, counter, 2);
  answers = false;
  asked.length = 0;
  const began = [
    deploy().catch(() => undefined),
    host
      .call("PUT", `${P}/deployed-triggers/${kept}`, {
        active: true,
        configured_props: { server: `http://localhost:${(other.address() as AddressInfo).port}` },
      })
      .catch(() => undefined),
  ];
  await until(
    "both registered",
    async () => asked.filter((path) => path === "/register").length === 2,
    60_000,
  );
  await host.kill();
  await Promise.all(began);
  answers = true;
  asked.length = 0;
  await postgres.query("update triggers set updated_at = 0 where state = 'deploying' or activating");
  // The database's clock was two days ahead when these were written.
  await postgres.query(`update triggers set next_run_at = next_run_at + 172800000 where id = '${counter}'`);
  await postgres.query(
    `update queue.job set start_after = start_after + interval '2 days' where singleton_key = '${counter}' and state < 'active'`,
  );
  const before = (
    await postgres.query<{ n: number }>(`select event_count::int as n from triggers where id = '${counter}'`)
  )[0]?.n;
  host = await start();
  await until(
    "both are taken back",
    async () => asked.filter((path) => path === "/unregister").length === 2,
    120_000,
  );
  // The one that was there before is registered again, and nothing is left of the other.
  await until("the first goes on", async () => asked.includes("/register"), 60_000);
  await until("one trigger is left", async () => {
    const rows = await postgres.query<{ id: string; active: boolean; activating: boolean }>(
      "select id, active, activating from triggers where component_key = 'registering'",
    );
    return rows.length === 1 && rows[0]?.id === kept && rows[0].active && !rows[0].activating;
  });
  await untilCounted(host, counter, (before ?? 0) + 2, 120_000);
});
