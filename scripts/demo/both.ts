import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram, type Program } from "../programs";
import { HostClient } from "./host-client";
import { InstanceWriter } from "./instance-writer";

export interface Both {
  instance: Program;
  host: Program;
  /** Writes incidents as the demo's administrator. */
  writer: InstanceWriter;
  client: HostClient;
  stop: () => Promise<void>;
}

/** The instance and the host as their own processes, over a data folder that goes with them. `args` are further ones of the instance. */
export async function startBoth(args: string[] = []): Promise<Both> {
  const dataDir = mkdtempSync(join(tmpdir(), "servicenow-components-"));
  const running: Program[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((program) => program.stop()));
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const instance = await startProgram("instance", ["--port", "0", "--seed", "demo", ...args]);
    running.push(instance);
    const host = await startProgram("host", ["--port", "0"], { DATA_DIR: dataDir, SIGN_IN_LINK: "off" });
    running.push(host);
    return {
      instance,
      host,
      writer: new InstanceWriter(instance.url),
      client: new HostClient(host),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
