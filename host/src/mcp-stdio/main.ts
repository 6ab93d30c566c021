import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { readArguments, UsageError } from "./arguments";
import { Relay } from "./relay";

try {
  const relay = new Relay(
    new StdioServerTransport(),
    readArguments(process.argv.slice(2), process.env),
    (message) => console.error(message),
  );
  const stop = (): void => void relay.close().finally(() => process.exit(0));
  process.stdin.once("end", stop);
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  await relay.start();
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = 1;
}
