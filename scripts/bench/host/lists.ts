import { deployCounter, withHost, type BenchHost } from "./bench-host";
import { quantile } from "../../figures";

const ROWS = 1_000_000;
const TRIGGERS = 10;
const TIMES = 20;

/** Lists of a trigger's newest events and of a workflow's newest runs, with a million of each in the table. */
export function measureLists(): Promise<Record<string, unknown>> {
  return withHost(async (host) => {
    const { client } = host;
    const triggers: string[] = [];
    for (let at = 0; at < TRIGGERS; at += 1) triggers.push(await deployCounter(client, { perRun: 1 }));
    const { id } = await client.call<{ id: string }>("POST", "/api/workflows", {
      name: "A million runs",
      triggers: [{ id: "web", uses: "http" }],
      steps: [{ namespace: "one", code: "export default () => 1" }],
    });
    await fill(host, triggers, id);
    const time = async (path: string, rows: number): Promise<number> => {
      const times: number[] = [];
      for (let at = 0; at < TIMES; at += 1) {
        const began = performance.now();
        const answer = await client.call<unknown[] | { data: unknown[] }>("GET", path);
        times.push(performance.now() - began);
        const found = Array.isArray(answer) ? answer : answer.data;
        if (found.length !== rows) throw new Error(`${path} gave ${found.length} rows in place of ${rows}.`);
      }
      return quantile(times, 0.95);
    };
    const events = `/v1/connect/local/deployed-triggers/${triggers[4]}/events?external_user_id=local`;
    const runs = `/api/workflows/${id}/runs`;
    const [middle] = await host.query<{ id: string }>(
      "select id from workflow_runs where workflow_id = $1 order by seq limit 1 offset 500000",
      [id],
    );
    return {
      listMs: {
        events: await time(`${events}&n=100`, 100),
        eventsWithText: await time(`${events}&n=100&q=number 4999`, 11),
        triggers: await time("/api/triggers", TRIGGERS),
        workflowRuns: await time(`${runs}?limit=50`, 50),
        workflowRunsFailed: await time(`${runs}?limit=50&status=failed`, 50),
        workflowRunsWaiting: await time(`${runs}?limit=50&status=waiting`, 0),
        workflowRunsOfAnHour: await time(
          `${runs}?limit=50&from=2026-01-05T00:00:00Z&to=2026-01-05T01:00:00Z`,
          50,
        ),
        workflowRunsAfter: await time(`${runs}?limit=50&after=${middle?.id}`, 50),
      },
    };
  });
}

/** Events of ten triggers, and runs of one workflow, one each second since the beginning of the year; one of a thousand failed. */
async function fill({ query }: BenchHost, triggers: string[], workflow: string): Promise<void> {
  for (const trigger of triggers) {
    await query(
      `insert into events (trigger_id, id, payload, summary, ts)
       select $1, 'evt_' || $1 || n, '{"n":' || n || ',"text":"' || repeat('x', 200) || '"}', 'Number ' || n, n
       from generate_series(1, ${ROWS / TRIGGERS}) n`,
      [trigger],
    );
    await query(`update triggers set event_count = ${ROWS / TRIGGERS} where id = $1`, [trigger]);
  }
  await query(
    `insert into workflow_runs (id, workflow_id, version, event_key, encrypted_event, status, depth, created_at, started_at, finished_at)
     select 'wrun_bench' || n, $1, 1, 'event ' || n, '', case when n % 1000 = 0 then 'failed' else 'succeeded' end, 0,
       1767225600000 + n * 1000, 1767225600000 + n * 1000, 1767225600500 + n * 1000
     from generate_series(1, ${ROWS}) n`,
    [workflow],
  );
  await query("analyze events");
  await query("analyze workflow_runs");
}
