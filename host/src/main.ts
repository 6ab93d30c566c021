import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readConfig } from "./config";
import { messageOf } from "./errors";
import { buildHost } from "./server";

const dist = dirname(fileURLToPath(import.meta.url));

try {
  const config = readConfig(process.argv.slice(2), process.env, {
    workerFile: join(dist, "worker.mjs"),
    webDir: join(dist, "../web/dist"),
    componentsDir: join(dist, "../../dist"),
  });
  const host = await buildHost(config);
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

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    host.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`The host did not stop cleanly: ${messageOf(error)}`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
} catch (error) {
  console.error(`The host cannot start: ${messageOf(error)}`);
  process.exit(1);
}
