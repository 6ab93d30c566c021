import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { startProgram, type Program } from "./programs";

/** `npm start`: the instance, the host and its page, until Ctrl-C. */
async function main(): Promise<void> {
  const dataDir = resolve(process.env.DATA_DIR ?? ".data");
  const port = portFrom("PORT", 3000);
  const instancePort = portFrom("INSTANCE_PORT", 3001);
  mkdirSync(dataDir, { recursive: true });

  const instance = await startProgram("instance", [
    "--port",
    String(instancePort),
    "--seed",
    "demo",
    "--data",
    join(dataDir, "instance.sqlite"),
  ]);
  let host: Program;
  try {
    host = await startProgram("host", ["--port", String(port)], { DATA_DIR: dataDir });
  } catch (error) {
    await instance.stop();
    throw error;
  }

  console.log(`
  Workflow host        ${host.url}
  ServiceNow instance  ${instance.url}

  To connect an account on the host's page:
    instance name      ${instance.url}
    client id          demo-client
    client secret      demo-secret
  and sign in to the instance as admin / admin.

  Ctrl-C stops both. Data is kept in ${dataDir}.
`);

  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await Promise.all([host.stop(), instance.stop()]);
    process.exit(code);
  };
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));
  const first = await Promise.race([host.exited, instance.exited]);
  if (!stopping) {
    console.error(
      `The ${first.name} stopped by itself (${first.reason}); stopping the other one too. Its own messages stand above.`,
    );
    await stop(1);
  }
}

function portFrom(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`${name} must be a port number from 0 to 65535, and is "${text}".`);
  return port;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
