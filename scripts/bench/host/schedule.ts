import { measurePolling } from "../deployed/polling";
import { withHost } from "./bench-host";

const SOURCES = Number(process.env.BENCH_SOURCES ?? 1000);
const MEASURED_MS = Number(process.env.BENCH_MS ?? 120_000);

/** Many deployed sources that poll each minute: the host's share of a processor with its component processes, and how late polls start. */
export function measureSchedule(): Promise<Record<string, unknown>> {
  return withHost(async ({ client }) => ({
    schedule: {
      sources: SOURCES,
      expectedPollsPerSecond: SOURCES / 60,
      ...(await measurePolling({
        client,
        triggers: SOURCES,
        measuredMs: MEASURED_MS,
        deployment: () => ({
          id: "conformance-counter",
          configured_props: { timer: { intervalSeconds: 60 }, perRun: 1 },
        }),
      })),
    },
  }));
}
