import { join } from "node:path";
import { deployCounter, untilCounted } from "../host/counting";
import { fixtures, startHost, until, type TestHost } from "../host/host";
import { startPostgres, type PostgresServer } from "../host/postgres-server";

jest.setTimeout(300_000);
const P = "/v1/connect/local";

let postgres: PostgresServer;
let host: TestHost;
beforeAll(async () => {
  postgres = await startPostgres();
  host = await startHost({
    env: { DATABASE_URL: postgres.url, COMPONENT_PACKAGES: `${fixtures}:${join(__dirname, "fixtures")}` },
  });
});
afterAll(async () => {
  await host.stop();
  await postgres.stop();
});

/** Events of a size, as runs would have stored them one after the other. */
async function putEvents(trigger: string, count: number, bytes: number): Promise<void> {
  await postgres.query(
    `insert into events (trigger_id, id, payload, summary, ts)
     select '${trigger}', 'evt_' || n || '${trigger}', '{"text":"' || repeat('x', ${bytes}) || '"}', 'heavy ' || n, n from generate_series(1, ${count}) n`,
  );
  await postgres.query(
    `update triggers set event_count = event_count + ${count}, event_bytes = event_bytes + ${count * (bytes + 11)} where id = '${trigger}'`,
  );
}

test("no list is answered with more than some megabytes, however much there is; it says that it was cut", async () => {
  const trigger = await deployCounter(host, { perRun: 1 });
  await untilCounted(host, trigger, 2);
  await putEvents(trigger, 100, 2_000_000);
  for (const path of ["events?n=100000", "events?n=1000&q=heavy", "events?n=100"]) {
    const answer = await fetch(`${host.url}${P}/deployed-triggers/${trigger}/${path}`, {
      headers: { authorization: `Bearer ${host.token}` },
    });
    const text = await answer.text();
    const { data, truncated } = JSON.parse(text) as { data: { sum: string }[]; truncated?: boolean };
    expect({ path, status: answer.status, truncated, newest: data.at(-1)?.sum, count: data.length }).toEqual({
      ...{ path, status: 200, truncated: true, newest: "heavy 100", count: 31 },
    });
    expect(text.length).toBeLessThan(65_000_000);
  }
  const few = await host.call<{ data: unknown[]; truncated?: boolean }>(
    "GET",
    `${P}/deployed-triggers/${trigger}/events?n=3`,
  );
  expect([few.body.data.length, few.body.truncated]).toEqual([3, undefined]);
  // One that is larger than a list is still answered.
  await putEvents(trigger, 1, 70_000_000);
  const one = await host.call<{ data: unknown[]; truncated?: boolean }>(
    "GET",
    `${P}/deployed-triggers/${trigger}/events`,
  );
  expect([one.body.data.length, one.body.truncated]).toEqual([1, true]);
});

test("the data of a run with many large results are told in part, and the run is whole", async () => {
  const { body: workflow } = await host.call<{ id: string }>("POST", "/api/workflows", {
    name: "Large results",
    enabled: true,
    triggers: [{ id: "web", uses: "http" }],
    steps: [
      {
        namespace: "list",
        forEach: "{{ [1, 2, 3, 4, 5, 6, 7, 8] }}",
        as: "item",
        concurrency: 2,
        steps: [
          {
            namespace: "large",
            code: `export default defineComponent({ async run() { return "y".repeat(3_000_000); } })`,
          },
        ],
      },
    ],
  });
  const { body: run } = await host.call<{ id: string }>("POST", `/api/workflows/${workflow.id}/runs`, {
    event: {},
  });
  const ended = await until(
    "the run ends",
    async () => {
      const { body } = await host.call<{ status: string; steps: { truncated?: true; status: string }[] }>(
        "GET",
        `/api/runs/${run.id}`,
      );
      return ["succeeded", "failed"].includes(body.status) && body;
    },
    120_000,
  );
  expect(ended.status).toBe("succeeded");
  expect(ended.steps).toHaveLength(9);
  expect(ended.steps.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => "succeeded"));
  expect(JSON.stringify(ended).length).toBeLessThan(65_000_000);
  expect(ended.steps.filter(({ truncated }) => truncated).length).toBeGreaterThanOrEqual(4);
});

test("the oldest events of a user who has too many bytes of them go", async () => {
  const trigger = await deployCounter(host, { perRun: 1 });
  await untilCounted(host, trigger, 2);
  await putEvents(trigger, 30, 1_000_000);
  // As if all of them together were 10 MB above what is kept.
  const told = (): Promise<{ bytes: string; count: number }[]> =>
    postgres.query(
      `select sum(event_bytes) as bytes, (select count(*)::int from events where trigger_id = '${trigger}') as count from triggers`,
    );
  const [{ bytes } = { bytes: "0" }] = await told();
  await postgres.query(
    `update triggers set event_bytes = event_bytes + ${510_000_000 - Number(bytes)} where id = '${trigger}'`,
  );
  await until("the oldest go", async () => Number((await told())[0]?.bytes) <= 500_000_000, 180_000);
  const newest = await host.call<{ data: { sum: string }[] }>(
    "GET",
    `${P}/deployed-triggers/${trigger}/events?n=1`,
  );
  expect(newest.body.data[0]?.sum).toBe("heavy 30");
});

test("a trigger that has far too many bytes of events is refused in words, and goes on when there is room", async () => {
  const trigger = await deployCounter(host, { perRun: 1 });
  await untilCounted(host, trigger, 1);
  const run = () =>
    host.call<{ status: string; error: { message: string } | null }>("POST", `/api/triggers/${trigger}/run`);
  await postgres.query(`update triggers set event_bytes = 1000000000000 where id = '${trigger}'`);
  expect((await run()).body).toMatchObject({
    status: "error",
    error: { message: expect.stringContaining("more than 1000 MB") },
  });
  await postgres.query(`update triggers set event_bytes = 0 where id = '${trigger}'`);
  expect((await run()).body.status).toBe("ok");
});

test("requests that wait at a source take no more than they may, and the sender is told to come later", async () => {
  const { body } = await host.call<{ data: { id: string; endpoint_url: string } }>(
    "POST",
    `${P}/triggers/deploy`,
    {
      id: "conformance-webhook",
      external_user_id: "local",
      configured_props: {},
    },
  );
  const { id, endpoint_url } = body.data;
  await postgres.query(
    `insert into run_requests (trigger_id, kind, encrypted, created_at) select '${id}', 'http', repeat('x', 99999000), 1`,
  );
  const answer = await fetch(endpoint_url, { method: "POST", body: "y".repeat(2000) });
  expect(answer.status).toBe(503);
});

test("a data store takes values and a total of a size", async () => {
  const store = async (length: number, key: string): Promise<string> => {
    const { body } = await host.call<{ ret?: number; error?: { message: string } | string }>(
      "POST",
      `${P}/actions/run`,
      {
        id: "security-store",
        external_user_id: "local",
        configured_props: { store: "numbers", key, length },
      },
    );
    return JSON.stringify(body);
  };
  expect(await store(1000, "small")).toContain('"ret":1');
  expect(await store(4_000_001, "large")).toContain("takes 4 MB at most");
  expect(await store(10, "k".repeat(2001))).toContain("its key 2000 characters");
  await postgres.query(
    `insert into data_store_entries (store_id, key, value) select id, 'filled', '"' || repeat('x', 99000000) || '"' from data_stores where name = 'numbers'`,
  );
  expect(await store(3_000_000, "last")).toContain("take 100 MB at most");
  expect(await store(1000, "small")).toContain('"ret":2');
});
