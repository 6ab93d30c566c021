/**
 * The program of a process that keeps an embedded server, for tests that kill it. Its first line on stdout is JSON: the server's process
 * id and how to connect, or the error. Input: DATA_DIR.
 */
import { EmbeddedServer } from "../../../host/src/db/embedded-server";

async function main(): Promise<void> {
  const server = await EmbeddedServer.start({
    dataDir: process.env.DATA_DIR ?? "",
    log: (message) => process.stderr.write(`${message}\n`),
  });
  process.stdout.write(`${JSON.stringify({ pid: server.pid, connection: server.connection })}\n`);
  process.on("SIGTERM", () => void server.stop().then(() => process.exit(0)));
  setInterval(() => undefined, 60_000);
}

main().catch((error: unknown) => {
  process.stdout.write(`${JSON.stringify({ error: (error as Error).message })}\n`);
  process.exit(1);
});
