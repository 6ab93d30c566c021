import { readFileSync } from "node:fs";
import type { HostClient } from "../../demo/host-client";

interface TriggerAnswer {
  last_run: { started_at: string; finished_at: string | null; status: string } | null;
  next_run_at: string | null;
}

export interface Polling {
  deployMs: number;
  pollsPerSecond: number;
  failedPolls: number;
  /** Of the host with its component processes. */
  cpuShareOfOneProcessor: number;
  lagMedianMs: number | null;
  lagP99Ms: number | null;
}

/** Deploys triggers, waits until each has been polled, and measures the schedule for a while: cost and how late polls start. */
export async function measurePolling(options: {
  client: HostClient;
  triggers: number;
  /** Body of the request that deploys one. */
  deployment: (index: number) => Record<string, unknown>;
  measuredMs: number;
  /** When deployment is over and the measurement begins. */
  onBegin?: () => void;
}): Promise<Polling> {
  const { client, triggers, deployment, measuredMs } = options;
  const started = Date.now();
  const deploy = (index: number) =>
    client.call("POST", "/v1/connect/local/triggers/deploy", {
      external_user_id: "local",
      ...deployment(index),
    });
  for (let done = 0; done < triggers; done += 4)
    await Promise.all(Array.from({ length: Math.min(4, triggers - done) }, (_, at) => deploy(done + at)));
  const deployMs = (Date.now() - started) / triggers;

  options.onBegin?.();
  const from = Date.now();
  const pid = client.host.process.pid ?? 0;
  const cpuBefore = cpuSeconds(pid);
  const lags: number[] = [];
  let polls = 0;
  let failedPolls = 0;
  const seen = new Map<number, string>();
  while (Date.now() - from < measuredMs) {
    await new Promise((done) => setTimeout(done, 5000));
    const now = Date.now();
    const answers = await client.call<TriggerAnswer[]>("GET", "/api/triggers");
    for (const [at, { last_run, next_run_at }] of answers.entries()) {
      if (next_run_at) lags.push(Math.max(0, now - Date.parse(next_run_at)));
      if (!last_run || seen.get(at) === last_run.started_at) continue;
      seen.set(at, last_run.started_at);
      if (Date.parse(last_run.started_at) < from) continue;
      polls++;
      if (last_run.status === "error") failedPolls++;
    }
  }
  const seconds = (Date.now() - from) / 1000;
  lags.sort((a, b) => a - b);
  return {
    deployMs,
    pollsPerSecond: polls / seconds,
    failedPolls,
    cpuShareOfOneProcessor: (cpuSeconds(pid) - cpuBefore) / seconds,
    lagMedianMs: lags[Math.floor(lags.length / 2)] ?? null,
    lagP99Ms: lags[Math.floor(lags.length * 0.99)] ?? null,
  };
}

/** Processor time of a process with its children, ended ones included, from /proc. */
function cpuSeconds(pid: number): number {
  const of = (id: number | string): number => {
    try {
      const text = readFileSync(`/proc/${id}/stat`, "utf8");
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / 100;
    } catch {
      return 0;
    }
  };
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  return of(pid) + children.reduce((sum, child) => sum + of(child), 0);
}
