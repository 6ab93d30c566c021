import { QUEUE, type JobDefinition } from "../db/queue";
import type { Turns } from "../triggers/turns";

/** Of the processes, those that forms, actions and hooks find free at any time. */
const FOR_PEOPLE = 4;

/** Polls and requested runs: one job a source, which does what is due and is made again for the next time. */
export function sourceRunJob(turns: Turns, maxProcesses: number, timeoutMs: number): JobDefinition {
  const workers = Math.max(2, maxProcesses - FOR_PEOPLE);
  const reserved = Math.max(1, Math.floor(workers / 4));
  return {
    name: QUEUE.sourceRuns,
    queue: {
      policy: "singleton",
      heartbeatSeconds: 10,
      // A run has its own limit; this is for a process that hangs as a whole.
      expireInSeconds: Math.ceil((timeoutMs / 1000) * 2 + 600),
      retryLimit: 1_000_000,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 60,
    },
    workers: workers + reserved,
    reserved,
    work: { heartbeatRefreshSeconds: 3 },
    // An instance that hangs leaves a quarter to the others. Counted in each process, so that more processes run more.
    share: Math.max(1, workers - Math.max(1, Math.floor(workers / 4))),
    run: (job) => turns.take(job),
  };
}
