import type { TokenRefresh } from "../accounts/token-refresh";
import { QUEUE, type JobDefinition } from "../db/queue";

/** One job an account, before its token ends and when somebody needs a new one: once for all processes. */
export function tokenRefreshJob(refresh: TokenRefresh): JobDefinition {
  return {
    name: QUEUE.tokenRefresh,
    queue: {
      policy: "singleton",
      heartbeatSeconds: 10,
      expireInSeconds: 180,
      retryLimit: 1_000_000,
      retryDelay: 5,
      retryBackoff: true,
      retryDelayMax: 60,
    },
    workers: 4,
    reserved: 2,
    work: { heartbeatRefreshSeconds: 3 },
    run: (job) => refresh.run(job),
  };
}
