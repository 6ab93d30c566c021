import { setTimeout as delay } from "node:timers/promises";
import { deployPolled, poll, withHost } from "./bench-host";
import { inParallel } from "../../figures";
import { peakMemoryMb } from "./process-tree";

const SETTLE_MS = 15_000;
const WATCHED_MS = 5000;
const TRIGGERS = 20;

/**
 * Proportional set size of host, database and component processes together: at rest after the first start, after 200 polls and after
 * 2,000. What the first polls bring (warm component processes, caches) is in both of the latter, so that growth is their difference.
 */
export function measureMemory(): Promise<Record<string, unknown>> {
  return withHost(async ({ client, program }) => {
    const pid = program.process.pid ?? 0;
    const atRest = async (): Promise<number> => {
      await delay(SETTLE_MS);
      return peakMemoryMb(pid, WATCHED_MS);
    };
    await client.call("GET", "/api/triggers");
    const memoryAtRestMB = await atRest();
    const triggers: string[] = [];
    for (let at = 0; at < TRIGGERS; at += 1)
      triggers.push(await deployPolled(client, { perRun: 2, slice: 1 }));
    const pollTimes = (count: number) =>
      inParallel(count, 4, (index) => poll(client, triggers[index % TRIGGERS] ?? ""));
    await pollTimes(200);
    const memoryAfter200PollsMB = await atRest();
    await pollTimes(1800);
    return { memoryAtRestMB, memoryAfter200PollsMB, memoryAfter2000PollsMB: await atRest() };
  });
}
