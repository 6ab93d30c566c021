import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { createSecureContext } from "node:tls";
import { parseArgs } from "node:util";
import { buildInstance } from "./build";
import type { Tls } from "./server/server";

const usage = `Usage: main.mjs [--port N] [--host ADDRESS] [--seed demo|empty] [--incidents N] [--config FILE] [--data FILE] [--control]
                [--tls-cert FILE --tls-key FILE]

  --port N        port to listen on, 0 for a free one (default 3001)
  --host ADDRESS  address to listen on (default 127.0.0.1)
  --seed NAME     demo data, or only what every instance has (default demo)
  --incidents N   incidents of the demo data (default 500)
  --config FILE   JSON with switches; docs/instance.md lists them
  --data FILE     SQLite file to keep records in (default: in memory)
  --tls-cert FILE, --tls-key FILE
                  speak HTTPS with this certificate and its key, both PEM
  --control       open /control/…, by which tests move the clock and plan faults`;

function readNumber(name: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new Error(`--${name} must be a whole number from 0 to ${most}, and is "${text}".`);
  return value;
}

function readConfig(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
    throw new Error("it holds no JSON object");
  } catch (error) {
    throw new Error(
      `--config ${file} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function readTls(cert: string | undefined, key: string | undefined): Tls | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new Error("--tls-cert and --tls-key go together: the certificate and its key, both PEM files.");
  const tls = { cert: readFileSync(cert), key: readFileSync(key) };
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new Error(
      `--tls-cert ${cert} and --tls-key ${key} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return tls;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      host: { type: "string" },
      seed: { type: "string" },
      incidents: { type: "string" },
      config: { type: "string" },
      data: { type: "string" },
      "tls-cert": { type: "string" },
      "tls-key": { type: "string" },
      control: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.error(usage);
    return;
  }
  if (values.seed !== undefined && values.seed !== "demo" && values.seed !== "empty")
    throw new Error(`--seed must be demo or empty, and is "${values.seed}".`);
  if (values.data) mkdirSync(dirname(values.data), { recursive: true });
  const tls = readTls(values["tls-cert"], values["tls-key"]);
  const built = buildInstance({
    tls,
    seed: values.seed,
    incidents: readNumber("incidents", values.incidents, 500, 20_000_000),
    config: readConfig(values.config),
    file: values.data,
    control: values.control,
  });
  const host = values.host ?? "127.0.0.1";
  await built.app.listen({ port: readNumber("port", values.port, 3001, 65_535), host });
  const address = built.app.server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  built.instance.listeningOn = `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  console.log(JSON.stringify({ url: built.instance.listeningOn }));

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    built.app.server.closeAllConnections();
    await built.close();
    process.exit(0);
  };
  process.on("SIGINT", () => void stop());
  process.on("SIGTERM", () => void stop());
}

main().catch((error: unknown) => {
  const code = (error as { code?: string }).code;
  console.error(
    code === "EADDRINUSE"
      ? `The port is taken by another program. Give a free one with --port (0 picks one).`
      : error instanceof Error
        ? error.message
        : error,
  );
  process.exit(1);
});
