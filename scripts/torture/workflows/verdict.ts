import { DELAY_MS, STATES, WRITES } from "./definition";

interface StepSeen {
  path: string;
  status: string;
  return_value: unknown;
}
export interface RunSeen {
  id: string;
  status: string;
  error: { message: string } | null;
  steps: StepSeen[];
}

export interface RunVerdict {
  /** Runs, steps and records that are not there although their event is. */
  lost: number;
  /** Records that were made more than once. */
  doubledWrites: number;
  /** Steps after a delay or a suspension that began before its end. */
  startedEarly: number;
}

/**
 * Compares what became of the runs with what had to.
 *
 * @param events how many the source has emitted: each starts one run.
 * @param made the short descriptions of the records in ServiceNow.
 * @param resumedAt when the resume address of a run was first opened, in ms.
 */
export function judgeRuns(
  events: number,
  runs: readonly RunSeen[],
  made: readonly string[],
  resumedAt: ReadonlyMap<string, number>,
  log: (line: string) => void,
): RunVerdict {
  const records = new Set(made);
  let lost = Math.max(0, events - runs.length);
  let startedEarly = 0;
  for (const run of runs) {
    const step = new Map(run.steps.map((each) => [each.path, each]));
    const missing = [
      ...Object.entries(STATES)
        .filter(([path, state]) => step.get(path)?.status !== state)
        .map(([path]) => path),
      ...WRITES.filter((name) => !records.has(`torture ${run.id} ${name}`)).map((name) => `record ${name}`),
    ];
    if (run.status !== "succeeded" || missing.length > 0) {
      lost += 1;
      log(`${run.id} ${run.status} without ${missing.join(", ")}: ${run.error?.message ?? ""}`);
    }
    const at = (path: string): number => Number(step.get(path)?.return_value);
    if (at("after") - at("mark") < DELAY_MS) startedEarly += 1;
    if (at("resumed") < (resumedAt.get(run.id) ?? Infinity)) startedEarly += 1;
  }
  return { lost, doubledWrites: made.length - records.size, startedEarly };
}
