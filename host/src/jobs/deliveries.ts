import { QUEUE, type JobDefinition } from "../db/queue";
import type { Deliveries } from "../triggers/deliveries";

/** One job a webhook. Most of the time they wait for an answer, so there may be many. */
export function deliveryJob(deliveries: Deliveries): JobDefinition {
  return {
    name: QUEUE.deliveries,
    queue: {
      policy: "singleton",
      heartbeatSeconds: 10,
      expireInSeconds: 600,
      retryLimit: 1_000_000,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 60,
    },
    workers: 64,
    work: { heartbeatRefreshSeconds: 3 },
    run: (job) => deliveries.drain(job),
  };
}
