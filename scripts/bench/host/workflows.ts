import { setTimeout as delay } from "node:timers/promises";
import type { HostClient } from "../../demo/host-client";
import { deployPolled, firstPoll, poll, withHost, type BenchHost } from "./bench-host";
import { quantile, spread, until } from "../../figures";
import { memoryMb } from "./process-tree";
import { startWorker } from "../../hosts/worker";

const EVENTS = 100;
const RUNS = 600;
const WAITING = 1000;
const DELAY_SECONDS = 90;

const CODE = "export default async () => Date.now()";
const code = (namespace: string): Record<string, unknown> => ({ namespace, code: CODE });

interface Workflow {
  id: string;
  triggers: { trigger_id?: string }[];
}

/** A workflow whose trigger is a source that has polled once and then polls by hand. @returns it and its source. */
async function make(
  client: HostClient,
  steps: unknown[],
  perRun: number,
): Promise<{ workflow: string; trigger: string }> {
  const made = await client.call<Workflow>("POST", "/api/workflows", {
    name: `Workflow of ${perRun}`,
    enabled: true,
    triggers: [
      {
        id: "numbers",
        uses: "conformance-counter",
        props: { timer: { intervalSeconds: 86_400 }, perRun, slice: 50 },
      },
    ],
    steps,
  });
  const trigger = made.triggers[0]?.trigger_id;
  if (trigger === undefined) throw new Error("The workflow has no source.");
  await firstPoll(client, trigger);
  return { workflow: made.id, trigger };
}

async function started({ query }: BenchHost, workflow: string): Promise<number> {
  const [row] = await query<{ n: number }>(
    "select count(*)::int as n from workflow_runs where workflow_id = $1",
    [workflow],
  );
  return row?.n ?? 0;
}

async function ended({ query }: BenchHost, workflow: string): Promise<number> {
  const [row] = await query<{ n: number; bad: number }>(
    `select count(*) filter (where status = 'succeeded')::int as n,
      count(*) filter (where status in ('failed', 'cancelled'))::int as bad from workflow_runs where workflow_id = $1`,
    [workflow],
  );
  if (row && row.bad > 0) throw new Error(`${row.bad} runs failed.`);
  return row?.n ?? 0;
}

/** From the event (its run is stored in the same transaction) until the first line of the first step's code runs, one event at a time. */
export function measureEventToStep(): Promise<Record<string, unknown>> {
  return withHost(async (host) => {
    const { client, query } = host;
    const { workflow, trigger } = await make(client, [code("first")], 1);
    for (let event = 0; event < 10 + EVENTS; event += 1) {
      await poll(client, trigger);
      const runs = await started(host, workflow);
      await until("the run's end", async () => (await ended(host, workflow)) === runs);
    }
    const runs = await query<{ id: string; created_at: string }>(
      "select id, created_at from workflow_runs where workflow_id = $1 order by seq desc limit $2",
      [workflow, EVENTS],
    );
    const times: number[] = [];
    for (const { id, created_at } of runs) {
      const run = await client.call<{ steps: { return_value: number }[] }>("GET", `/api/runs/${id}`);
      times.push((run.steps[0]?.return_value ?? NaN) - Number(created_at));
    }
    return { eventToStepMs: spread(times) };
  });
}

/** Runs of two code steps: from the poll that starts them all until the last has ended; with one worker, then with two. */
export function measureRuns(): Promise<Record<string, unknown>> {
  return withHost(async (host) => {
    const { client, workerEnv } = host;
    const { workflow, trigger } = await make(client, [code("first"), code("second")], RUNS);
    const pace = async (): Promise<number> => {
      const before = await started(host, workflow);
      await until("the end of earlier runs", async () => (await ended(host, workflow)) === before, 300_000);
      const began = performance.now();
      await poll(client, trigger);
      await until(
        "the end of all runs",
        async () => (await ended(host, workflow)) === before + RUNS,
        300_000,
      );
      return (RUNS / (performance.now() - began)) * 1000;
    };
    await pace();
    const runsPerSecond = await pace();
    const worker = await startWorker(workerEnv);
    try {
      await pace();
      return { runsPerSecond, runsPerSecondWithTwoWorkers: await pace() };
    } finally {
      await worker.stop();
    }
  });
}

/** 1,000 runs that wait: what they add to memory, and how late each goes on. Their times are as far apart as their starts were. */
export function measureWaitingRuns(): Promise<Record<string, unknown>> {
  return withHost(async (host) => {
    const { client, program, query } = host;
    const steps = [{ namespace: "pause", delay: DELAY_SECONDS }, code("after")];
    const pid = program.process.pid ?? 0;
    await deployPolled(client, { perRun: WAITING, slice: 50 });
    await delay(10_000);
    const before = memoryMb(pid);
    const { workflow, trigger } = await make(client, steps, WAITING);
    if ((await started(host, workflow)) === 0) await poll(client, trigger);
    const waiting = (): Promise<{ run_id: string; due_at: string }[]> =>
      query("select run_id, due_at from workflow_steps where status = 'waiting'");
    await until(
      "all runs wait",
      async () => (await waiting()).length === WAITING,
      (DELAY_SECONDS - 15) * 1000,
    );
    await delay(8000);
    const waitingRunsMB = memoryMb(pid) - before;
    const due = await waiting();
    if (due.length !== WAITING) throw new Error("Some runs went on before they were looked at.");
    await until("all runs end", async () => (await ended(host, workflow)) === WAITING, 300_000, 500);
    const ends = new Map(
      (
        await query<{ run_id: string; finished_at: string }>(
          "select run_id, finished_at from workflow_steps where namespace = 'pause'",
        )
      ).map(({ run_id, finished_at }) => [run_id, Number(finished_at)]),
    );
    const late = due.map(({ run_id, due_at }) => (ends.get(run_id) ?? NaN) - Number(due_at));
    return {
      waitingRunsMB,
      resumeLateMs: {
        p50: quantile(late, 0.5),
        p95: quantile(late, 0.95),
        longest: Math.max(...late),
        soonest: Math.min(...late),
      },
    };
  });
}
