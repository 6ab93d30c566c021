import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingIsolation } from "../../../host/src/execution/isolation-report";
import type { ProcessSurroundings } from "../../../host/src/execution/process-surroundings";
import { Runtime } from "../../../host/src/execution/runtime";
import { Outbound } from "../../../host/src/outbound/outbound";
import { spread } from "../../figures";

const root = join(__dirname, "../../..");
const fixtures = join(root, "test/host/fixtures");
const workerFile = join(root, "host/dist/worker.mjs");
const COLD = 20;
const WARM = 400;

/** What keeping component processes apart costs a run: the same runs in turn in a process that is kept apart, and in a bare one. */
export async function measureIsolation(): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "isolation-"));
  const surroundings: ProcessSurroundings = {
    isolation: { readable: [fixtures], permissions: [] },
    outbound: new Outbound([]),
    folders: folder,
  };
  const kinds = { apart: runtime(surroundings), bare: runtime() };
  try {
    const cold = { apart: [] as number[], bare: [] as number[] };
    const warm = { apart: [] as number[], bare: [] as number[] };
    for (let at = 0; at < COLD; at += 1)
      for (const kind of ["apart", "bare"] as const) cold[kind].push(await run(kinds[kind], `user ${at}`));
    for (const kind of ["apart", "bare"] as const) await run(kinds[kind], "warm");
    for (let at = 0; at < WARM; at += 1)
      for (const kind of ["apart", "bare"] as const) warm[kind].push(await run(kinds[kind], "warm"));
    const ratio = (figures: { apart: number[]; bare: number[] }): number =>
      Number((middle(figures.apart) / middle(figures.bare)).toFixed(2));
    return {
      isolation: {
        missing: missingIsolation(surroundings, workerFile).length,
        coldRunMs: { apart: spread(cold.apart), bare: spread(cold.bare), ratio: ratio(cold) },
        warmRunMs: { apart: spread(warm.apart), bare: spread(warm.bare), ratio: ratio(warm) },
      },
    };
  } finally {
    for (const kind of Object.values(kinds)) kind.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function runtime(surroundings?: ProcessSurroundings): Runtime {
  return new Runtime({
    workerFile,
    maxProcesses: 4,
    limits: { memoryMb: 256 },
    idleMs: 120_000,
    maxJobs: 10_000,
    ...(surroundings ? { surroundings } : {}),
  });
}

async function run(on: Runtime, tenant: string): Promise<number> {
  const began = performance.now();
  const { error } = await on.run({
    file: join(fixtures, "actions/misbehave/misbehave.mjs"),
    tenant,
    task: {
      type: "action",
      input: {
        configuredProps: { way: "fine" },
        auth: {},
        limits: { dbBytes: 1000, resultBytes: 1_000_000, saveEvents: 500, saveMs: 5000 },
      },
      context: {},
    },
    timeoutMs: 60_000,
    handlers: {},
    secrets: [],
  });
  if (error) throw new Error(error.message);
  return performance.now() - began;
}

const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
