import { resolve } from "node:path";
import type { RegisteredComponent } from "../../host/src/execution/component-registry";
import type { AppDescription, ComponentDescription } from "../../host/src/execution/protocol";
import { Runtime } from "../../host/src/execution/runtime";

/** A mistake of the caller, told without a stack. */
export class UsageError extends Error {}

/** Runs components with the rights of whoever calls: they are that person's own. */
export function runtimeForOne(workerFile: string): Runtime {
  return new Runtime({
    workerFile,
    maxProcesses: 2,
    limits: { memoryMb: 256 },
    idleMs: 60_000,
    maxJobs: 10_000,
  });
}

/** A component by the path of its file, wherever that is. @throws UsageError when it cannot be loaded or is none */
export async function componentOfFile(runtime: Runtime, path: string): Promise<RegisteredComponent> {
  const file = resolve(path);
  const outcome = await runtime.run({
    file,
    tenant: "component",
    task: { type: "describe" },
    timeoutMs: 20_000,
    handlers: {},
    secrets: [],
  });
  if (outcome.error) throw new UsageError(`${path} could not be loaded: ${outcome.error.message}`);
  const description = JSON.parse(outcome.result ?? "null") as ComponentDescription | AppDescription | null;
  if (!description || description.type === "app")
    throw new UsageError(`${path} exports no action and no source as its default.`);
  return { ...description, file, fileVersion: "" };
}
