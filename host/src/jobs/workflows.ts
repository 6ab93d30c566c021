import { QUEUE, type JobDefinition } from "../db/queue";
import type { WorkflowServices } from "../workflows/workflow-services";

const KEYED = {
  policy: "singleton",
  heartbeatSeconds: 10,
  retryLimit: 1_000_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
} as const;
const HEARTBEAT = { heartbeatRefreshSeconds: 3 };
/** A step may say a longer limit of its own than the host's. */
const LONGEST_STEP_S = 2 * 3600;

/** Steps of runs, the start of runs that wait for a place, schedules, and what runs send: each keyed, so that there is one job for one thing. */
export function workflowJobs(
  workflows: WorkflowServices,
  maxProcesses: number,
  actionTimeoutMs: number,
): JobDefinition[] {
  const workers = Math.max(4, maxProcesses - 2);
  return [
    {
      name: QUEUE.workflowSteps,
      queue: { ...KEYED, expireInSeconds: Math.max(LONGEST_STEP_S, Math.ceil(actionTimeoutMs / 1000) + 600) },
      workers,
      // Nobody's slow steps take more than half.
      share: Math.ceil(workers / 2),
      work: HEARTBEAT,
      run: (job) => workflows.stepJob.run(job),
    },
    {
      name: QUEUE.workflowAdmission,
      queue: { ...KEYED, expireInSeconds: 600 },
      workers: 2,
      work: HEARTBEAT,
      run: (job) => workflows.admission.run(job),
    },
    {
      name: QUEUE.workflowSchedules,
      queue: { ...KEYED, expireInSeconds: 600 },
      workers: 2,
      work: HEARTBEAT,
      run: (job) => workflows.triggers.runSchedule(job),
    },
    {
      name: QUEUE.workflowSends,
      queue: { ...KEYED, expireInSeconds: 600 },
      workers: 8,
      work: HEARTBEAT,
      run: (job) => workflows.sends.run(job),
    },
  ];
}
