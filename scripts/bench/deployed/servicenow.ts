import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HostClient } from "../../demo/host-client";
import { connectAccount } from "../../demo/steps";
import { startProgram } from "../../programs";
import { countingProxy } from "../../torture/proxy";
import { measurePolling } from "./polling";

/** ServiceNow sources that poll each minute on one host, against an instance in another process; each has a filter of its own. */
export async function deployedSources(sources: number, measuredMs: number): Promise<Record<string, unknown>> {
  const dataDir = mkdtempSync(join(tmpdir(), "sources-bench-"));
  const instance = await startProgram("instance", ["--port", "0", "--seed", "demo", "--incidents", "1000"]);
  const proxy = await countingProxy(instance.url);
  const host = await startProgram("host", ["--port", "0"], { DATA_DIR: dataDir });
  try {
    const client = new HostClient(host);
    const account = await connectAccount(client, proxy.url);
    const polling = await measurePolling({
      client,
      triggers: sources,
      measuredMs,
      deployment: (index) => ({
        id: "servicenow-new-or-updated-record",
        configured_props: {
          servicenow: { authProvisionId: account.id },
          timer: { intervalSeconds: 60 },
          table: "incident",
          query: `short_description!=${index}`,
          fields: ["number", "short_description"],
        },
      }),
    });
    return {
      sources,
      expectedPollsPerSecond: sources / 60,
      ...polling,
      receivedMegabytes: proxy.received() / 1_048_576,
    };
  } finally {
    await host.stop();
    await proxy.stop();
    await instance.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
