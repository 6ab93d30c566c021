import { createContext, useContext } from "react";
import { loopsAround, visibleFrom, type Definition } from "./definition";
import type { StepRun } from "./types";

/** What a step can read, as far as it is known: the event, and the results of the steps before it. */
export interface Readable {
  /** How an expression names it: `steps.trigger`. */
  root: string;
  label: string;
  /** Undefined while nothing of it is known. */
  value: unknown;
}

interface BuilderData {
  definition: Definition;
  event: unknown;
  runs: ReadonlyMap<string, StepRun>;
}

const Context = createContext<BuilderData | undefined>(undefined);
export const BuilderDataProvider = Context.Provider;

/** Everything the step with that name can read. */
export function useReadable(namespace: string): Readable[] {
  const data = useContext(Context);
  if (!data) return [];
  const { definition, event, runs } = data;
  const loops = loopsAround(definition, namespace);
  return [
    { root: "steps.trigger.event", label: "Trigger event", value: event },
    ...loops.map((loop) => ({
      root: loop.as ?? "item",
      label: `The present ${loop.as ?? "item"}`,
      value: firstItem(runs.get(loop.namespace)),
    })),
    ...visibleFrom(definition, namespace)
      .filter((name) => !loops.some((loop) => loop.namespace === name))
      .map((name) => ({ root: `steps.${name}`, label: name, value: resultOf(runs.get(name)) })),
  ];
}

/** What later steps read of a step. */
export function resultOf(run: StepRun | undefined): unknown {
  if (run === undefined || (run.status !== "succeeded" && run.status !== "failed")) return undefined;
  return { ...run.exports, ...(run.return_value === null ? {} : { $return_value: run.return_value }) };
}

function firstItem(run: StepRun | undefined): unknown {
  const list = run?.input ?? run?.return_value;
  return Array.isArray(list) ? (list as unknown[])[0] : undefined;
}
