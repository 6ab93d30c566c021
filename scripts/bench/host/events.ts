import { deployPolled, poll, withHost } from "./bench-host";

const EVENTS = 100_000;

/** How fast one source's events come into the table: the second poll that emits them, with state saved every 50 as the change feed does. */
export function measureEvents(): Promise<Record<string, unknown>> {
  return withHost(async ({ client, query }) => {
    const trigger = await deployPolled(client, { perRun: EVENTS, slice: 50 });
    const began = performance.now();
    await poll(client, trigger);
    const seconds = (performance.now() - began) / 1000;
    const [row] = await query<{ n: number }>("select count(*)::int as n from events where trigger_id = $1", [
      trigger,
    ]);
    if (row?.n !== 2 * EVENTS) throw new Error(`${row?.n} of ${2 * EVENTS} events are in the table.`);
    return { eventsPerSecond: EVENTS / seconds };
  });
}
