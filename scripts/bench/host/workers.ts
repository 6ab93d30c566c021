import { setTimeout as delay } from "node:timers/promises";
import { deployCounter, withHost, type BenchHost } from "./bench-host";
import { inParallel, until } from "../../figures";
import { cpuMs } from "./process-tree";
import { startWorker } from "../../hosts/worker";

const TRIGGERS = 200;
/** What a poll waits for its instance. With it, places are what is scarce, and not processors. */
const POLL_MS = 500;
const MEASURED_MS = 15_000;
const LIMITS = { MAX_PROCESSES: "12" };

interface Pace {
  pollsPerSecond: number;
  cpuMsPerPoll: number;
}

/** 200 triggers that are always due, each poll waiting half a second for its instance: polls a second of two processes over those of one. */
export function measureWorkers(): Promise<Record<string, unknown>> {
  return withHost(async (host) => {
    const { client, program, workerEnv } = host;
    await inParallel(TRIGGERS, 4, () =>
      deployCounter(client, { perRun: 1, slice: 1, pauseMs: POLL_MS, timer: { intervalSeconds: 1 } }),
    );
    const pids = [program.process.pid ?? 0];
    await until("polls", async () => (await polls(host)) > 50);
    const one = await pace(host, pids);
    const worker = await startWorker(workerEnv);
    try {
      pids.push(worker.pid);
      await delay(5000);
      const two = await pace(host, pids);
      return {
        workersRatio: two.pollsPerSecond / one.pollsPerSecond,
        oneWorker: one,
        twoWorkers: two,
      };
    } finally {
      await worker.stop();
    }
  }, LIMITS);
}

async function pace(host: BenchHost, pids: number[]): Promise<Pace> {
  const cpu = (): number => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const began = performance.now();
  const [before, cpuBefore] = [await polls(host), cpu()];
  await delay(MEASURED_MS);
  const [after, cpuAfter] = [await polls(host), cpu()];
  const seconds = (performance.now() - began) / 1000;
  return {
    pollsPerSecond: (after - before) / seconds,
    cpuMsPerPoll: (cpuAfter - cpuBefore) / (after - before),
  };
}

/** Each poll emits one event. */
async function polls({ query }: BenchHost): Promise<number> {
  const [row] = await query<{ n: string }>("select coalesce(sum(event_count), 0) as n from triggers");
  return Number(row?.n ?? 0);
}
