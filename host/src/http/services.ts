import type { Accounts } from "../accounts/accounts";
import type { AuthorizationRequests } from "../accounts/authorization-requests";
import type { ConnectTokens } from "../accounts/connect-tokens";
import type { HostConfig } from "../config";
import type { Credentials } from "../credentials";
import type { Events } from "../triggers/events";
import type { Deliveries } from "../triggers/deliveries";
import type { EndpointQueue } from "../triggers/endpoint-queue";
import type { Triggers } from "../triggers/triggers";
import type { Execution } from "../execution/execution";
import type { ComponentRegistry } from "../execution/component-registry";
import type { Runtime } from "../execution/runtime";
import type { Encryption } from "../encryption";
import type { PageSessions } from "../sessions/page-sessions";
import type { SignInLinks } from "../sessions/sign-in-links";
import type { Database } from "../db/database";
import type { DataStores } from "../execution/data-stores";
import type { TriggerRow } from "../triggers/trigger-rows";

/** What the parts of the host hand to each other. */
export interface Services {
  config: HostConfig;
  db: Database;
  encryption: Encryption;
  credentials: Credentials;
  runtime: Runtime;
  registry: ComponentRegistry;
  accounts: Accounts;
  authorizationRequests: AuthorizationRequests;
  connectTokens: ConnectTokens;
  sessions: PageSessions;
  signInLinks: SignInLinks;
  dataStores: DataStores;
  execution: Execution;
  triggers: Triggers;
  endpoints: EndpointQueue;
  deliveries: Deliveries;
  events: Events;
  /** Address of a trigger's own HTTP endpoint. */
  endpointOf(row: TriggerRow): string;
  /** One line for the person who runs the host; never a secret. */
  log(message: string): void;
}
