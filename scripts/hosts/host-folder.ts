import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { clusterFolder } from "../../host/src/db/cluster-folder";
import { connectionOfRunning } from "../../host/src/db/embedded-server";
import { HostClient } from "../demo/host-client";
import { startProgram, type Program } from "../programs";

/** The same for hosts and workers of one folder, and a secret of nobody. */
const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString("base64");

/** A data folder of its own, and the hosts that are started on it one after the other. */
export class HostFolder {
  readonly path = mkdtempSync(join(tmpdir(), "host-folder-"));
  readonly #packages: string[];
  readonly #env: Record<string, string>;
  #pool: pg.Pool | undefined;
  #close: () => void = () => undefined;
  databaseUrl = "";

  /** @param packages folders of component packages beside the project's own. */
  constructor(packages: string[], env: Record<string, string> = {}) {
    this.#packages = packages;
    this.#env = env;
  }

  /** What hosts and workers of this database have in common. */
  get env(): Record<string, string> {
    return {
      HOST_ENCRYPTION_KEY: ENCRYPTION_KEY,
      COMPONENT_PACKAGES: this.#packages.join(","),
      SIGN_IN_LINK: "off",
      // Receivers and instances of measurements are on this machine.
      ALLOWED_NETWORKS: "127.0.0.0/8,::1",
      ...this.#env,
    };
  }

  async start(
    onSpawn?: Parameters<typeof startProgram>[3],
  ): Promise<{ program: Program; client: HostClient }> {
    const env = { ...this.env, DATA_DIR: this.path };
    const program = await startProgram("host", ["--port", "0"], env, onSpawn);
    if (!this.#pool) {
      const running = connectionOfRunning(this.path);
      this.#close = () => running.close();
      this.databaseUrl = urlOf(running.connection);
      this.#pool = new pg.Pool({ ...running.connection, max: 2, connectionTimeoutMillis: 5000 });
      // A server that is ended on purpose takes the idle connections with it.
      this.#pool.on("error", () => undefined);
    }
    return { program, client: new HostClient(program) };
  }

  /** The rows of a query in the host's own database. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    if (!this.#pool) throw new Error("The host has not been started.");
    return (await this.#pool.query<Row>(text, values)).rows;
  }

  /** A connection of its own, for what is to be heard. */
  connection(): pg.Client {
    return new pg.Client({ connectionString: this.databaseUrl });
  }

  /** The process id of the embedded server; undefined while it is away. */
  serverPid(): number | undefined {
    try {
      const [first] = readFileSync(join(clusterFolder(this.path).data, "postmaster.pid"), "utf8").split("\n");
      return Number(first) || undefined;
    } catch {
      return undefined;
    }
  }

  async remove(): Promise<void> {
    await this.#pool?.end().catch(() => undefined);
    this.#close();
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A socket's folder below `/proc/self` means this process, so another one is told its process id. */
function urlOf({
  host,
  user,
  password,
  database,
}: ReturnType<typeof connectionOfRunning>["connection"]): string {
  const folder = host.replace("/proc/self/", `/proc/${process.pid}/`);
  return `postgres://${user}:${encodeURIComponent(password)}@localhost/${database}?host=${encodeURIComponent(folder)}`;
}
