import type { ActionRunner } from "../action-runs/action-runner";
import type { ActionRuns } from "../action-runs/action-runs";
import type { RunningActions } from "../action-runs/running-actions";
import type { HelperServices } from "../agents/helper-tools";
import type { Apps } from "../accounts/apps/apps";
import type { Accounts } from "../accounts/accounts";
import type { AuthorizationRequests } from "../accounts/authorization-requests";
import type { ConnectTokens } from "../accounts/connect-tokens";
import type { HostConfig } from "../config";
import type { Credentials } from "../credentials";
import type { Database } from "../db/database";
import type { FreeSpace } from "../db/free-space";
import type { JobQueue } from "../db/queue";
import type { TriggerRow } from "../db/schema";
import type { Encryption } from "../encryption";
import type { ComponentRegistry } from "../execution/component-registry";
import type { DataStores } from "../execution/data-stores";
import type { FileStash } from "../execution/file-stash";
import type { Execution } from "../execution/execution";
import type { Runtime } from "../execution/runtime";
import type { Metrics } from "../metrics";
import type { PageSessions } from "../sessions/page-sessions";
import type { SignInLinks } from "../sessions/sign-in-links";
import type { Events } from "../triggers/events";
import type { RunRequests } from "../triggers/run-requests";
import type { Triggers } from "../triggers/triggers";
import type { WorkflowServices } from "../workflows/workflow-services";

/** What the routes work with. */
export interface Services {
  config: HostConfig;
  db: Database;
  queue: JobQueue;
  encryption: Encryption;
  credentials: Credentials;
  runtime: Runtime;
  registry: ComponentRegistry;
  apps: Apps;
  accounts: Accounts;
  authorizationRequests: AuthorizationRequests;
  connectTokens: ConnectTokens;
  sessions: PageSessions;
  signInLinks: SignInLinks;
  dataStores: DataStores;
  execution: Execution;
  stash: FileStash;
  triggers: Triggers;
  requests: RunRequests;
  events: Events;
  workflows: WorkflowServices;
  /** Runs of actions outside of workflows. */
  actions: { runs: ActionRuns; runner: ActionRunner; running: RunningActions };
  /** What tools of agents work with. */
  agents: HelperServices;
  /** Room on the disk of the embedded database; absent for a server elsewhere. */
  freeSpace?: FreeSpace;
  /** Address of a trigger's own HTTP endpoint. */
  endpointOf(row: TriggerRow): string;
  metrics: Metrics;
  /** Something that happened in the ordinary course, for the log as JSON. */
  logEvent(facts: Record<string, unknown>, text: string): void;
  /** One line for the person who runs the host; never a secret. */
  log: (message: string) => void;
}
