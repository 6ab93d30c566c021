import { QUEUE, type JobDefinition } from "../db/queue";
import type { DelayedEvents } from "../triggers/delayed-events";

/** One job a trigger with events whose `delivery_ts` lies ahead. */
export function delayedEventJob(delayed: DelayedEvents): JobDefinition {
  return {
    name: QUEUE.delayedEvents,
    queue: { policy: "singleton", expireInSeconds: 120, retryLimit: 1_000_000, retryDelay: 1 },
    workers: 2,
    run: (job) => delayed.publishDue(job),
  };
}
