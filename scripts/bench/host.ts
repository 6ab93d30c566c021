import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HostClient } from "../demo/host-client";
import { startProgram } from "../programs";

const SOURCES = Number(process.env.BENCH_SOURCES ?? 1000);
const MEASURED_MS = Number(process.env.BENCH_MS ?? 120_000);

interface TriggerAnswer {
  last_run: { started_at: string; finished_at: string | null; status: string } | null;
  next_run_at: string | null;
}

/**
 * Many deployed sources that poll each minute on one host: the host's share of a processor with its component processes, and how late polls
 * start. The source does next to nothing, so that the host is what is measured.
 */
export async function bench(): Promise<Record<string, unknown>> {
  const dataDir = mkdtempSync(join(tmpdir(), "host-bench-"));
  const host = await startProgram("host", ["--port", "0"], {
    DATA_DIR: dataDir,
    COMPONENT_PACKAGES: join(__dirname, "../../test/host/fixtures"),
  });
  try {
    const client = new HostClient(host);
    const started = Date.now();
    const deploy = (): Promise<unknown> =>
      client.call("POST", "/v1/connect/local/triggers/deploy", {
        id: "conformance-counter",
        external_user_id: "local",
        configured_props: { timer: { intervalSeconds: 60 }, perRun: 1 },
      });
    for (let done = 0; done < SOURCES; done += 4) await Promise.all(Array.from({ length: 4 }, deploy));
    const deployMs = (Date.now() - started) / SOURCES;

    // Deployment and first polls are over; from here on it is the schedule alone.
    const from = Date.now();
    const cpuBefore = cpuSeconds(host.process.pid!);
    const lags: number[] = [];
    let polls = 0;
    const seen = new Map<number, string>();
    while (Date.now() - from < MEASURED_MS) {
      await new Promise((done) => setTimeout(done, 5000));
      const now = Date.now();
      const triggers = await client.call<TriggerAnswer[]>("GET", "/api/triggers");
      for (const [at, { last_run, next_run_at }] of triggers.entries()) {
        if (next_run_at) lags.push(Math.max(0, now - Date.parse(next_run_at)));
        if (last_run && seen.get(at) !== last_run.started_at) {
          seen.set(at, last_run.started_at);
          if (Date.parse(last_run.started_at) >= from) polls += 1;
        }
      }
    }
    const seconds = (Date.now() - from) / 1000;
    lags.sort((a, b) => a - b);
    return {
      sources: SOURCES,
      deployMs,
      pollsPerSecond: polls / seconds,
      expectedPollsPerSecond: SOURCES / 60,
      cpuShareOfOneProcessor: (cpuSeconds(host.process.pid!) - cpuBefore) / seconds,
      lagMedianMs: lags[Math.floor(lags.length / 2)] ?? null,
      lagP99Ms: lags[Math.floor(lags.length * 0.99)] ?? null,
    };
  } finally {
    await host.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
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
