import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "../../scripts/programs";
import { toRow } from "./present";

export interface InstanceOptions {
  seed?: "demo" | "empty";
  incidents?: number;
  /** Switches that differ from their defaults. */
  config?: Record<string, unknown>;
  /** Further arguments of the program. */
  args?: string[];
}

export interface RunningInstance {
  url: string;
  /** Calls the control endpoint, which is open: `control("POST", "clock", { advanceSeconds: 60 })`. */
  control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** The instance in a process of its own, on a free port, in memory. */
export async function startInstance(options: InstanceOptions = {}): Promise<RunningInstance> {
  const folder = mkdtempSync(join(tmpdir(), "instance-test-"));
  const config = join(folder, "config.json");
  writeFileSync(config, JSON.stringify(options.config ?? {}));
  const program = await startProgram("instance", [
    "--port",
    "0",
    "--seed",
    options.seed ?? "demo",
    "--incidents",
    String(options.incidents ?? 500),
    "--config",
    config,
    "--control",
    ...(options.args ?? []),
  ]);
  return {
    url: program.url,
    async control(method, path, body) {
      const response = await fetch(`${program.url}/control/${path}`, {
        method,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const answer = toRow(await response.json());
      if (!response.ok) throw new Error(`control ${path}: ${JSON.stringify(answer)}`);
      return answer;
    },
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * What `start` gives, for the tests of a file or of a describe: started before the first of them, stopped after the last.
 * It is there inside of tests and hooks only.
 */
export function duringTests<T extends { stop(): Promise<void> }, Options extends unknown[]>(
  start: (...options: Options) => Promise<T>,
  ...options: Options
): T {
  let started: T | undefined;
  beforeAll(async () => void (started = await start(...options)), 120_000);
  afterAll(() => started?.stop());
  const running = (): T => {
    if (!started) throw new Error(`${start.name} has not started it: that happens before the first test.`);
    return started;
  };
  return new Proxy({} as T, {
    get: (_, name) => Reflect.get(running(), name) as unknown,
    set: (_, name, value) => Reflect.set(running(), name, value),
  });
}
