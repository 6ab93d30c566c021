import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { delimiter, dirname, join, resolve } from "node:path";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { readDemoConnection, type DemoConnection } from "./demo-connection";
import { messageOf } from "./errors";
import type { LogFormat } from "./logging";
import { readNetworks, type AllowedNetwork } from "./outbound/address-rule";

export interface HostConfig {
  /** Only works off what is due, for a database that a host answers for. */
  isWorker: boolean;
  port: number;
  /** Address to listen on. */
  host: string;
  dataDir: string;
  databaseUrl?: string;
  encryptionKey?: string;
  /** Networks that are not public and may be reached all the same. */
  allowedNetworks: AllowedNetwork[];
  /** Rights of Node.js that components get back: `addons`, `child-process`, `worker`, `wasi`. */
  componentPermissions: string[];
  /** Folders of component packages. */
  packages: string[];
  /** Where the host is reached from outside, when that is not the address it listens on. */
  publicUrl?: string;
  /** More names the Host header may have. */
  allowedHosts: string[];
  /** An address of its own for the endpoints of sources, whose answers then need no sandbox. */
  endpointsUrl?: string;
  /** Addresses and networks of proxies whose `X-Forwarded-For` says who the client of an endpoint is. */
  trustedProxies: string[];
  /** Looks at the packages' files all the time, for somebody who writes them. */
  followsPackages: boolean;
  /** How stderr is written: for people, or one JSON object a line. */
  logFormat: LogFormat;
  /** Prints a sign-in link at the start. */
  printsSignInLink: boolean;
  /** Offered on the page while nothing is connected. */
  demo?: DemoConnection;
  workerFile: string;
  /** The process in which expressions of workflows are evaluated. */
  evaluatorFile: string;
  webDir: string;
  /** Folder of the ready descriptions of apps. */
  appsDir: string;
  /** Workflows to begin with. */
  templatesDir: string;
  maxProcesses: number;
  memoryMb: number;
  /** Time limits in ms: a poll or hook, an action, a call for options or dynamic props. */
  timeouts: { source: number; action: number; form: number };
  saveEvents: number;
  saveMs: number;
  dbBytes: number;
  resultBytes: number;
}

export interface Places {
  workerFile: string;
  evaluatorFile: string;
  webDir: string;
  appsDir: string;
  /** Workflows to begin with. */
  templatesDir: string;
  /** The project's own built components. */
  componentsDir: string;
}

/**
 * Settings from command-line arguments and environment, each with its default.
 *
 * @throws Error that names the setting, what it takes and what came.
 */
export function readConfig(args: string[], env: NodeJS.ProcessEnv, places: Places): HostConfig {
  const options = readArguments(args);
  const whole = (
    name: string,
    text: string | undefined,
    fallback: number,
    least: number,
    most: number,
  ): number => {
    if (text === undefined || text === "") return fallback;
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new Error(`${name} must be a whole number from ${least} to ${most}, and is "${text}".`);
    return value;
  };
  const publicUrl = siteAddress("PUBLIC_URL", env.PUBLIC_URL);
  const endpointsUrl = siteAddress("ENDPOINTS_URL", env.ENDPOINTS_URL);
  if (endpointsUrl && publicUrl && new URL(endpointsUrl).hostname === new URL(publicUrl).hostname)
    throw new Error(
      `ENDPOINTS_URL must have another host name than PUBLIC_URL: cookies of one name are sent to all its ports.`,
    );
  if (env.DATABASE_URL && !/^postgres(ql)?:\/\//.test(env.DATABASE_URL))
    throw new Error("DATABASE_URL must be an address such as postgres://user:password@host:5432/database.");
  const extra = (env.COMPONENT_PACKAGES ?? "")
    .split(new RegExp(`[,${delimiter}]`))
    .map((path) => path.trim())
    .filter((path) => path !== "")
    .map(packageFolder);
  if (options.worker && !env.DATABASE_URL)
    throw new Error("A worker needs DATABASE_URL, the PostgreSQL server it shares with the host.");
  if (options.worker && !env.HOST_ENCRYPTION_KEY)
    throw new Error("A worker needs HOST_ENCRYPTION_KEY, the same as the host's, to read the accounts.");
  return {
    isWorker: options.worker === true,
    port: whole("--port", options.port ?? env.PORT, 3000, 0, 65_535),
    host: env.HOST || "127.0.0.1",
    dataDir: resolve(env.DATA_DIR || ".data"),
    databaseUrl: env.DATABASE_URL || undefined,
    encryptionKey: env.HOST_ENCRYPTION_KEY || undefined,
    allowedNetworks: readNetworks(env.ALLOWED_NETWORKS ?? ""),
    componentPermissions: readPermissions(env.COMPONENT_PERMISSIONS ?? ""),
    packages: [places.componentsDir, ...extra],
    publicUrl,
    endpointsUrl,
    allowedHosts: (env.ALLOWED_HOSTS ?? "")
      .split(",")
      .map((name) => name.trim().toLowerCase())
      .filter(Boolean),
    trustedProxies: networks("TRUSTED_PROXIES", env.TRUSTED_PROXIES),
    followsPackages: env.FOLLOW_PACKAGES === "on",
    logFormat: logFormat(env.LOG_FORMAT),
    printsSignInLink: env.SIGN_IN_LINK !== "off",
    demo: readDemoConnection(env.DEMO_CONNECTION),
    workerFile: places.workerFile,
    evaluatorFile: places.evaluatorFile,
    webDir: places.webDir,
    appsDir: places.appsDir,
    templatesDir: places.templatesDir,
    maxProcesses: whole("MAX_PROCESSES", env.MAX_PROCESSES, Math.max(16, availableParallelism() * 4), 1, 500),
    memoryMb: whole("COMPONENT_MEMORY_MB", env.COMPONENT_MEMORY_MB, 256, 32, 16_384),
    timeouts: {
      source: whole("SOURCE_TIMEOUT_MS", env.SOURCE_TIMEOUT_MS, 300_000, 100, 3_600_000),
      action: whole("ACTION_TIMEOUT_MS", env.ACTION_TIMEOUT_MS, 300_000, 100, 3_600_000),
      form: whole("FORM_TIMEOUT_MS", env.FORM_TIMEOUT_MS, 30_000, 100, 600_000),
    },
    saveEvents: whole("SAVE_EVENTS", env.SAVE_EVENTS, 500, 1, 100_000),
    saveMs: whole("SAVE_MS", env.SAVE_MS, 5000, 0, 600_000),
    dbBytes: 60 * 1024,
    resultBytes: 16_000_000,
  };
}

function logFormat(text: string | undefined): LogFormat {
  if (!text || text === "text") return "text";
  if (text === "json") return "json";
  throw new Error(`LOG_FORMAT takes text or json, and is "${text}".`);
}

/** The origin of a setting that names a site. */
function siteAddress(name: string, text: string | undefined): string | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href)
    throw new Error(`${name} must be an address such as https://host.example.com, and is "${text}".`);
  return url.origin;
}

function networks(name: string, text = ""): string[] {
  const given = text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  for (const network of given) {
    const [address = "", bits] = network.split("/", 2);
    const most = { 4: 32, 6: 128 }[isIP(address)];
    if (most === undefined || (bits !== undefined && !(/^\d+$/.test(bits) && Number(bits) <= most)))
      throw new Error(
        `${name} takes addresses and networks such as 127.0.0.1 or 10.0.0.0/8 with commas between, and holds "${network}".`,
      );
  }
  return given;
}

function readArguments(args: string[]): { port?: string | undefined; worker?: boolean | undefined } {
  try {
    return parseArgs({
      args,
      options: { port: { type: "string" }, worker: { type: "boolean" } },
      allowPositionals: false,
    }).values;
  } catch (error) {
    throw new Error(`${messageOf(error)} The host takes --port N or --worker.`);
  }
}

/** A package by its folder, or by its name in this project's node_modules. */
function packageFolder(path: string): string {
  const folder = resolve(path);
  if (existsSync(folder)) return folder;
  for (let at = process.cwd(); ; at = dirname(at)) {
    const installed = join(at, "node_modules", path);
    if (existsSync(installed)) return installed;
    if (at === dirname(at)) break;
  }
  throw new Error(
    `COMPONENT_PACKAGES names "${path}", and there is neither such a folder nor an installed package of that name.`,
  );
}

const PERMISSIONS = ["addons", "child-process", "worker", "wasi"];

function readPermissions(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = names.find((name) => !PERMISSIONS.includes(name));
  if (unknown !== undefined)
    throw new Error(`COMPONENT_PERMISSIONS has "${unknown}"; it takes ${PERMISSIONS.join(", ")}.`);
  return names;
}
