import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HostClient } from "../demo/host-client";
import { startProgram } from "../programs";
import { measurePolling } from "./deployed/polling";

const SOURCES = Number(process.env.BENCH_SOURCES ?? 1000);
const MEASURED_MS = Number(process.env.BENCH_MS ?? 120_000);

/**
 * Many deployed sources that poll each minute on one host: the host's share of a processor with its component processes, and how late polls
 * start. The source does next to nothing, so that the host is what is measured.
 */
export async function bench(): Promise<Record<string, unknown>> {
  const dataDir = mkdtempSync(join(tmpdir(), "host-bench-"));
  const host = await startProgram("host", ["--port", "0"], {
    DATA_DIR: dataDir,
    COMPONENT_PACKAGES: join(__dirname, "../../test/host/fixtures"),
  });
  try {
    const client = new HostClient(host);
    const polling = await measurePolling({
      client,
      triggers: SOURCES,
      measuredMs: MEASURED_MS,
      deployment: () => ({
        id: "conformance-counter",
        configured_props: { timer: { intervalSeconds: 60 }, perRun: 1 },
      }),
    });
    return { sources: SOURCES, expectedPollsPerSecond: SOURCES / 60, ...polling };
  } finally {
    await host.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
