import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DATABASE_USER, ensureCluster, removeUnfinished } from "./cluster";
import { clusterFolder, readPassword, type ClusterFolder } from "./cluster-folder";
import { lockFolder } from "./folder-lock";
import { endForeignServer } from "./foreign-server";
import { findPostgres, type PostgresPrograms } from "./postgres-programs";
import { LOCK_FILE, LOCKED, serverCommand, type ServerCommand } from "./server-command";
import { serverUser } from "./server-user";
import { openSocketFolder, type SocketFolder } from "./socket-folder";

/** What `pg` needs to connect; the same for every connection, also after the server was started again. */
export interface EmbeddedConnection {
  /** A folder: the server listens on a Unix socket in it, and on no network address. */
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

export interface EmbeddedServerOptions {
  dataDir: string;
  /** Hears, in words, when the server ended by itself and when it is there again. */
  log(message: string): void;
  /** The `native` folder of another package than the installed one. */
  packageHome?: string;
}

/** How long a server of a host that has just been killed may take to write what it has and to go. */
const LOCK_PATIENCE_MS = 5000;
/** A server that was killed replays its log before it answers. */
const START_MS = 120_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** After this a stop is made without waiting for transactions; the log replays them at the next start. */
const STOP_MS = 20_000;

/** A PostgreSQL server of this host's own: a process that is started again when it ends by itself, and ends with this one. */
export class EmbeddedServer {
  readonly connection: EmbeddedConnection;
  readonly version: string;
  readonly #options: EmbeddedServerOptions;
  readonly #cluster: ClusterFolder;
  readonly #command: ServerCommand;
  readonly #uid: number | undefined;
  readonly #socket: SocketFolder;
  #release: () => void = () => undefined;
  #child: ChildProcess | undefined;
  #said = "";
  #stopping = false;
  #supervision: Promise<void> = Promise.resolve();

  private constructor(
    options: EmbeddedServerOptions,
    cluster: ClusterFolder,
    programs: PostgresPrograms,
    uid?: number,
  ) {
    this.#options = options;
    this.#cluster = cluster;
    this.#uid = uid;
    this.version = programs.version.split(".").slice(0, 2).join(".");
    this.#command = serverCommand(programs.home, cluster.data);
    this.#socket = openSocketFolder(cluster.data);
    this.connection = connectionTo(cluster, this.#socket.path);
  }

  /**
   * Makes the database at the first start, and starts its server.
   *
   * @throws Error in words: another host uses the folder, there is no PostgreSQL for this system, or it cannot start.
   */
  static async start(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
    const cluster = clusterFolder(options.dataDir);
    const uid = serverUser(cluster.data);
    const programs = findPostgres({
      uid,
      ownFolder: options.dataDir,
      ...(options.packageHome === undefined ? {} : { packageHome: options.packageHome }),
    });
    ensureCluster(cluster, programs, uid);
    const server = new EmbeddedServer(options, cluster, programs, uid);
    try {
      await server.#begin();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** The process id of the server; undefined while it is away. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Ends the server in order: what was committed is on disk. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child && isRunning(child)) {
      // SIGINT is PostgreSQL's "fast" shutdown, SIGQUIT its immediate one.
      this.#signal(child, "SIGINT");
      const timer = setTimeout(() => this.#signal(child, "SIGQUIT"), STOP_MS);
      if (isRunning(child)) await once(child, "exit");
      clearTimeout(timer);
    }
    await this.#supervision;
    this.#socket.close();
    this.#release();
  }

  async #begin(): Promise<void> {
    if (!this.#command.locksItself) {
      this.#release = await lockFolder(this.#cluster.folder, LOCK_PATIENCE_MS);
      await endForeignServer(this.#cluster.data);
    }
    for (const end = Date.now() + LOCK_PATIENCE_MS; ;) {
      const code = await this.#startOnce();
      if (code === "ready") break;
      if (code !== LOCKED) throw new Error(this.#failure());
      if (Date.now() > end) throw new Error(inUse(this.#options.dataDir, this.#cluster));
      await delay(FIRST_PAUSE_MS);
    }
    removeUnfinished(this.#cluster);
    this.#supervision = this.#supervise();
  }

  /** Starts the server again whenever it ends by itself, at once and then ever more slowly. */
  async #supervise(): Promise<void> {
    for (let pause = 0; ;) {
      const child = this.#child;
      if (child && isRunning(child)) await once(child, "exit");
      if (this.#stopping) return;
      if (pause === 0)
        this.#options.log(
          `The embedded database ended by itself and is started again.${lastWords(this.#said)}`,
        );
      await delay(pause);
      if (this.#stopping) return;
      const code = await this.#startOnce();
      if (code === "ready") {
        pause = 0;
        this.#options.log("The embedded database is there again.");
      } else {
        if (pause >= LONGEST_PAUSE_MS) this.#options.log(this.#failure());
        pause = Math.min(LONGEST_PAUSE_MS, pause === 0 ? FIRST_PAUSE_MS : pause * 2);
      }
    }
  }

  /** @returns "ready" once it takes connections, or the exit code it ended with. */
  async #startOnce(): Promise<"ready" | number | null> {
    this.#said = "";
    const child = spawn(this.#command.command, this.#command.args, {
      ...(this.#uid === undefined ? {} : { uid: this.#uid, gid: this.#uid }),
      cwd: this.#cluster.data,
      // A group of its own: an interrupt from the terminal is for the host, which stops the server when it no longer needs it.
      detached: true,
      env: { PATH: process.env.PATH, TZ: "UTC", LANG: "C" },
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    this.#child = child;
    child.on("error", (error) => (this.#said += error.message));
    child.stderr?.on("data", (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-4000)));
    for (const end = Date.now() + START_MS; Date.now() < end; await delay(5)) {
      if (!isRunning(child)) return child.exitCode;
      if (this.#isReady()) return "ready";
    }
    this.#signal(child, "SIGQUIT");
    if (isRunning(child)) await once(child, "exit");
    this.#said += `It was not ready within ${START_MS / 1000} s.`;
    return child.exitCode;
  }

  /** The server's own file says in its eighth line whether it takes connections. */
  #isReady(): boolean {
    try {
      const lines = readFileSync(join(this.#cluster.data, "postmaster.pid"), "utf8").split("\n");
      return lines[7]?.trim() === "ready" && (!this.#command.locksItself || Number(lines[0]) === this.pid);
    } catch {
      return false;
    }
  }

  #signal(child: ChildProcess, signal: NodeJS.Signals): void {
    if (child.pid === undefined) return;
    try {
      process.kill(child.pid, signal);
    } catch {
      // It has just ended.
    }
  }

  #failure(): string {
    return `The embedded database in ${this.#cluster.folder} cannot be started.${lastWords(this.#said)}`;
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function lastWords(said: string): string {
  const lines = said.split("\n").filter((line) => /FATAL|PANIC|could not|No space|error/i.test(line));
  const shown = (lines.length > 0 ? lines : said.split("\n").filter(Boolean)).slice(-2);
  return shown.length > 0
    ? ` It said: ${shown.map((line) => line.replace(/^.*? UTC \[\d+\] /, "")).join(" ")}`
    : "";
}

function inUse(dataDir: string, { data }: ClusterFolder): string {
  let holder = "";
  try {
    holder = ` (process ${readFileSync(join(data, LOCK_FILE), "utf8").trim()})`;
  } catch {
    // The lock is what counts; who holds it is only for the message.
  }
  return `Another host${holder} is using ${dataDir}. Stop it, or start this one with another DATA_DIR.`;
}

function connectionTo(cluster: ClusterFolder, host: string): EmbeddedConnection {
  return { host, port: 5432, user: DATABASE_USER, password: readPassword(cluster), database: "postgres" };
}

/**
 * How another process of the host's user reaches the embedded server that a host runs in this folder, and a function that ends the way.
 *
 * @throws Error when there is no such database.
 */
export function connectionOfRunning(dataDir: string): { connection: EmbeddedConnection; close: () => void } {
  const cluster = clusterFolder(dataDir);
  if (!existsSync(cluster.passwordFile))
    throw new Error(`There is no embedded database in ${dataDir}. Start a host there first.`);
  const socket = openSocketFolder(cluster.data);
  return { connection: connectionTo(cluster, socket.path), close: () => socket.close() };
}
