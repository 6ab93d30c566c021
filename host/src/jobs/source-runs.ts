import { QUEUE, type JobDefinition } from "../db/queue";
import type { Turns } from "../triggers/turns";

/** Of the processes, those that forms, actions and hooks find free at any time. */
const FOR_PEOPLE = 3;

export interface PollPlaces {
  /** How many polls run at a time in one process. */
  workers: number;
  /** Further ones, for polls that somebody waits for. */
  reserved: number;
  /** Of the workers, those that users with a poll running may take for further ones. Counted in each process, so that more processes run more. */
  further: number;
  /** Of the workers, most that one account has. */
  ofAccount: number;
}

/** An instance that hangs leaves places to the user's other accounts, and users whose accounts all hang to those who have no poll running. */
export function pollPlaces(maxProcesses: number): PollPlaces {
  const workers = Math.max(3, maxProcesses - FOR_PEOPLE);
  return {
    workers,
    reserved: Math.max(1, Math.floor(workers / 4)),
    further: workers - Math.max(1, Math.floor(workers / 8)),
    ofAccount: workers - Math.max(2, Math.floor(workers / 4)),
  };
}

/** How many runs of sources go on in one process, those of a source's requests that overlap included. */
export function runPlaces(maxProcesses: number): number {
  return Math.max(1, maxProcesses - FOR_PEOPLE);
}

/** Polls and requested runs: one job a source, which does what is due and is made again for the next time. */
export function sourceRunJob(turns: Turns, maxProcesses: number, timeoutMs: number): JobDefinition {
  const { workers, reserved, ofAccount } = pollPlaces(maxProcesses);
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
    share: ofAccount,
    run: (job) => turns.take(job),
  };
}
