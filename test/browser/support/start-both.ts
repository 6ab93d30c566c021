import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HostClient } from "../../../scripts/demo/host-client";
import { InstanceWriter } from "../../../scripts/demo/instance-writer";
import { startProgram, type Program } from "../../../scripts/programs";

/** The instance and the host as their own processes, over a data folder of their own. */
export async function startBoth(): Promise<{
  instance: Program;
  host: Program;
  writer: InstanceWriter;
  api: HostClient;
  stop(): Promise<void>;
}> {
  const dataDir = mkdtempSync(join(tmpdir(), "servicenow-components-browser-"));
  const instance = await startProgram("instance", ["--port", "0", "--seed", "demo", "--incidents", "50"]);
  const host = await startProgram("host", ["--port", "0"], { DATA_DIR: dataDir });
  return {
    instance,
    host,
    writer: new InstanceWriter(instance.url),
    api: new HostClient(host),
    stop: async () => {
      await Promise.all([host.stop(), instance.stop()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
