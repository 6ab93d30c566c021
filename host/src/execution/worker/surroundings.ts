import { Worker } from "node:worker_threads";
import type { LogEntry } from "../protocol";
import type { RunState } from "./run-state";

const BASE_ENV = { ...process.env };

/** Ends this process when the host has ended, even while a component loops: a thread of its own checks every second. */
export function watchParent(): void {
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  const source = `const parent = ${process.ppid};
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 1000);`;
  new Worker(source, {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
    execArgv: [],
  }).unref();
}

/** Writes what the component prints on the console, stdout and stderr to the log of the current run. */
export function captureOutput(current: () => RunState | undefined): void {
  const levels: Record<string, LogEntry["level"]> = {
    log: "info",
    info: "info",
    debug: "debug",
    trace: "debug",
    dir: "info",
    table: "info",
    warn: "warn",
    error: "error",
  };
  for (const [method, level] of Object.entries(levels))
    (console as unknown as Record<string, unknown>)[method] = (...args: unknown[]): void =>
      current()?.log(level, method === "dir" ? args.slice(0, 1) : args);
  for (const [stream, level] of [
    [process.stdout, "info"],
    [process.stderr, "error"],
  ] as const)
    stream.write = (chunk: unknown, ...rest: unknown[]): boolean => {
      current()?.log(level, [String(chunk).replace(/\n$/, "")]);
      const done = rest.find((item): item is () => void => typeof item === "function");
      done?.();
      return true;
    };
}

/** Sets the environment of one run: that of the process, plus `extra`. */
export function freshEnvironment(extra: Record<string, string> | undefined): void {
  for (const name of Object.keys(process.env)) if (!(name in BASE_ENV)) delete process.env[name];
  Object.assign(process.env, BASE_ENV, extra);
}

/** Records the timers that a run starts; `clear` ends those that are left, so that none fires in the next run. */
export function trackTimers(): { clear(): void } {
  const live = new Set<NodeJS.Timeout>();
  const { setTimeout: once, setInterval: repeat, clearTimeout: clear } = globalThis;
  const tracked =
    (start: typeof once | typeof repeat) =>
    (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): NodeJS.Timeout => {
      const timer = start(
        (...given: unknown[]) => {
          if (start === once) live.delete(timer);
          callback(...given);
        },
        ms,
        ...args,
      );
      live.add(timer);
      return timer;
    };
  // util.promisify(setTimeout) looks for the promise form on the function.
  globalThis.setTimeout = Object.assign(tracked(once), {
    __promisify__: once.__promisify__,
    [Symbol.for("nodejs.util.promisify.custom")]: (once as unknown as Record<symbol, unknown>)[
      Symbol.for("nodejs.util.promisify.custom")
    ],
  }) as typeof setTimeout;
  globalThis.setInterval = tracked(repeat) as typeof setInterval;
  return {
    clear() {
      for (const timer of live) clear(timer);
      live.clear();
    },
  };
}
