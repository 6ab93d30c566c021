import type { HostConfig } from "./config";
import type { Credentials } from "./credentials";
import type { Catalogue } from "./runtime/catalogue";
import type { Runtime } from "./runtime/runtime";
import type { Sealer } from "./sealing";
import type { Database } from "./store/database";

/** What the parts of the host hand to each other. */
export interface HostParts {
  config: HostConfig;
  db: Database;
  sealer: Sealer;
  credentials: Credentials;
  runtime: Runtime;
  catalogue: Catalogue;
  /** One line for the person who runs the host; never a secret. */
  log(message: string): void;
}
