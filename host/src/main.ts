import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readConfig } from "./config";
import { messageOf } from "./errors";
import { buildHost, type Host } from "./server";

const dist = dirname(fileURLToPath(import.meta.url));
const starting = new AbortController();
let host: Host | undefined;
let stopping = false;

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  starting.abort();
  try {
    await host?.close();
    if (host) process.exit(0);
  } catch (error) {
    console.error(`The host did not stop cleanly: ${messageOf(error)}`);
    process.exit(1);
  }
}
process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());

try {
  const config = readConfig(process.argv.slice(2), process.env, {
    workerFile: join(dist, "worker.mjs"),
    evaluatorFile: join(dist, "evaluator.mjs"),
    webDir: join(dist, "../web/dist"),
    appsDir: join(dist, "../apps"),
    templatesDir: join(dist, "../templates"),
    componentsDir: process.env.COMPONENTS_DIR || join(dist, "../../dist"),
  });
  host = await buildHost(config, starting.signal);
  if (stopping) {
    // It was told to stop while it started.
    await host.close();
    process.exit(0);
  }
  if (config.isWorker) {
    await host.work();
    console.log(JSON.stringify({ worker: true }));
  } else {
    const url = await host.listen();
    console.log(JSON.stringify({ url, token_file: host.tokenFile }));
    if (config.printsSignInLink)
      console.error(
        `To sign in to the page, open this link within ten minutes. It works once: ${await host.signInLink()}`,
      );
  }
} catch (error) {
  if (!stopping) console.error(`The host cannot start: ${messageOf(error)}`);
  process.exit(stopping ? 0 : 1);
}
