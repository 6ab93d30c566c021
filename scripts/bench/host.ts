import { measureComponentRuns } from "./host/component-runs";
import { measureEditToReload } from "./host/edit-to-reload";
import { measureDeliveries, measureHangingReceivers } from "./host/deliveries";
import { measureEvents } from "./host/events";
import { loadAverage } from "../figures";
import { measureHangingInstance } from "./host/hanging-instance";
import { measureHttpRequests } from "./host/http-requests";
import { measureIsolation } from "./host/isolation";
import { measureLists } from "./host/lists";
import { measureMemory } from "./host/memory";
import { measureSchedule } from "./host/schedule";
import { measureWorkers } from "./host/workers";
import { measureEventToStep, measureRuns, measureWaitingRuns } from "./host/workflows";

/** Each starts a host of its own with an empty database, so that no figure depends on those before it. */
const PARTS: Record<string, () => Promise<Record<string, unknown>>> = {
  memory: measureMemory,
  events: measureEvents,
  http: measureHttpRequests,
  deliveries: measureDeliveries,
  "hanging-receivers": measureHangingReceivers,
  "hanging-instance": measureHangingInstance,
  runs: measureComponentRuns,
  isolation: measureIsolation,
  workers: measureWorkers,
  "event-to-step": measureEventToStep,
  "workflow-runs": measureRuns,
  "waiting-runs": measureWaitingRuns,
  lists: measureLists,
  schedule: measureSchedule,
  "edit-to-reload": measureEditToReload,
};

/**
 * The host's figures; `--only PART[,PART]` takes some of them. `load` holds the machine's load average before each part: with more than a
 * few processes that want a processor, rates and times say little.
 */
export async function bench({ only }: { only: string[] }): Promise<Record<string, unknown>> {
  const unknown = only.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0)
    throw new Error(
      `There is no part called ${unknown.join(", ")}. There are: ${Object.keys(PARTS).join(", ")}.`,
    );
  const figures: Record<string, unknown> = {};
  const load: Record<string, number> = {};
  for (const [name, measure] of Object.entries(PARTS)) {
    if (only.length > 0 && !only.includes(name)) continue;
    load[name] = loadAverage();
    const found = await measure();
    console.error(`  ${name}: ${JSON.stringify(found)} (load ${load[name]})`);
    Object.assign(figures, found);
  }
  return { ...figures, load };
}
