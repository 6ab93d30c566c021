import { QUEUE, type JobDefinition } from "../db/queue";
import type { Messages } from "../triggers/messages";

/** What is reported to a connect token's webhook: ten attempts over 17 to 34 hours. */
export function messageJob(messages: Messages): JobDefinition {
  return {
    name: QUEUE.messages,
    queue: {
      expireInSeconds: 120,
      retryLimit: 10,
      retryDelay: 60,
      retryBackoff: true,
      deleteAfterSeconds: 86_400,
    },
    workers: 4,
    run: (job) => messages.send(job),
  };
}
