import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fixtures, temporaryFolder } from "./host";

const root = join(__dirname, "../..");

/** What hosts and workers of one database must have in common. */
export const SHARED = {
  HOST_ENCRYPTION_KEY: "B5aDSud4rVSV71ADH2cw0Dj53yUGbiwM2cZXMrFUptE=",
  SAVE_EVENTS: "1",
};

export interface TestWorker {
  process: ChildProcess;
  said(): string;
  kill(): Promise<void>;
}

/** One more worker for a database, in a process of its own. `clockOffsetMs` sets its clock wrong. */
export async function startWorker(
  databaseUrl: string,
  options: { clockOffsetMs?: number; env?: Record<string, string> } = {},
): Promise<TestWorker> {
  const dataDir = temporaryFolder();
  const { clockOffsetMs } = options;
  const args = clockOffsetMs === undefined ? [] : ["--require", join(__dirname, "fixtures/wrong-clock.cjs")];
  const child = spawn(process.execPath, [...args, join(root, "host/dist/main.mjs"), "--worker"], {
    cwd: root,
    env: {
      ...process.env,
      ...SHARED,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      COMPONENT_PACKAGES: fixtures,
      ...(clockOffsetMs === undefined ? {} : { CLOCK_OFFSET_MS: String(clockOffsetMs) }),
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", () => reject(new Error(said || "The worker ended and said nothing.")));
  });
  return {
    process: child,
    said: () => said,
    async kill() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
