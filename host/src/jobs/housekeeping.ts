import type { ActionRuns } from "../action-runs/action-runs";
import type { AuthorizationRequests } from "../accounts/authorization-requests";
import type { ConnectTokens } from "../accounts/connect-tokens";
import type { TokenRefresh } from "../accounts/token-refresh";
import type { FileStash } from "../execution/file-stash";
import type { Database } from "../db/database";
import { QUEUE, type JobDefinition, type JobQueue } from "../db/queue";
import type { WorkflowServices } from "../workflows/workflow-services";
import { makeMissingJobs, prune, pullBackPolls, removeUnheard } from "../triggers/housekeeping";
import type { Triggers } from "../triggers/triggers";

export interface HousekeepingServices {
  db: Database;
  queue: JobQueue;
  tokenRefresh: TokenRefresh;
  connectTokens: ConnectTokens;
  authorizationRequests: AuthorizationRequests;
  actionRuns: ActionRuns;
  triggers: Pick<Triggers, "endAbandoned">;
  stash: Pick<FileStash, "removeOld">;
  workflows: Pick<WorkflowServices, "removeOld">;
}

/** Every minute, once for all processes: what is old goes, what was left behind is put right. Vacuum is PostgreSQL's own. */
export function housekeepingJob(services: HousekeepingServices): JobDefinition {
  const {
    triggers,
    db,
    queue,
    tokenRefresh,
    connectTokens,
    authorizationRequests,
    actionRuns,
    stash,
    workflows,
  } = services;
  return {
    name: QUEUE.housekeeping,
    queue: {
      policy: "stately",
      expireInSeconds: 900,
      retryLimit: 0,
      deleteAfterSeconds: 60,
      retentionSeconds: 300,
    },
    workers: 1,
    run: async () => {
      await triggers.endAbandoned();
      await removeUnheard(db);
      await pullBackPolls(db, queue);
      await makeMissingJobs(db, queue);
      await tokenRefresh.makeMissingJobs();
      await connectTokens.removeOld();
      await authorizationRequests.removeOld();
      await actionRuns.removeOld();
      await stash.removeOld();
      await prune(db);
      await workflows.removeOld();
    },
  };
}
