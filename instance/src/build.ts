import type { FastifyInstance } from "fastify";
import { applyConfig, defaultConfig } from "./core/config";
import { Instance } from "./core/instance";
import { buildServer, type Tls } from "./server/server";
import { seedInstance, type SeedOptions } from "./seed/seed";
import type { Store } from "./store/store";

export interface BuildOptions extends Partial<SeedOptions> {
  /** Switches that differ from their defaults. */
  config?: Record<string, unknown>;
  /** Database file; without it everything is in memory. */
  file?: string;
  /** Speaks HTTPS. */
  tls?: Tls | undefined;
  /** Opens the control endpoint. */
  control?: boolean;
}

export interface BuiltInstance {
  /** Not listening yet; `app.inject` works at once. */
  app: FastifyInstance;
  instance: Instance;
  store: Store;
  close(): Promise<void>;
}

/**
 * Makes an instance: opens or fills its database and builds its server.
 *
 * @throws Error that names the switch when the configuration is wrong
 */
export function buildInstance(options: BuildOptions = {}): BuiltInstance {
  const config = defaultConfig();
  applyConfig(config, options.config ?? {});
  const instance = new Instance(config, options.file);
  seedInstance(instance, {
    seed: options.seed ?? "demo",
    incidents: options.incidents ?? 500,
    users: options.users,
    groups: options.groups,
  });
  const app = buildServer(instance, { control: options.control === true, tls: options.tls });
  return {
    app,
    instance,
    store: instance.store,
    async close() {
      await app.close();
      instance.close();
    },
  };
}
