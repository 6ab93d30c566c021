import type { Accounts } from "./accounts/accounts";
import type { ConnectAttempts } from "./accounts/attempts";
import type { ConnectTokens } from "./accounts/connect-tokens";
import type { HostConfig } from "./config";
import type { Credentials } from "./credentials";
import type { Bus } from "./engine/bus";
import type { Deliveries } from "./engine/deliveries";
import type { EndpointQueue } from "./engine/endpoint-queue";
import type { Triggers } from "./engine/triggers";
import type { Execution } from "./execution";
import type { Catalogue } from "./runtime/catalogue";
import type { Runtime } from "./runtime/runtime";
import type { Sealer } from "./sealing";
import type { Database } from "./store/database";
import type { DataStores } from "./store/data-stores";
import type { TriggerRow } from "./store/triggers";

/** What the parts of the host hand to each other. */
export interface HostParts {
  config: HostConfig;
  db: Database;
  sealer: Sealer;
  credentials: Credentials;
  runtime: Runtime;
  catalogue: Catalogue;
  accounts: Accounts;
  attempts: ConnectAttempts;
  connectTokens: ConnectTokens;
  dataStores: DataStores;
  execution: Execution;
  triggers: Triggers;
  endpoints: EndpointQueue;
  deliveries: Deliveries;
  bus: Bus;
  /** Address of a trigger's own HTTP endpoint. */
  endpointOf(row: TriggerRow): string;
  /** One line for the person who runs the host; never a secret. */
  log(message: string): void;
}
