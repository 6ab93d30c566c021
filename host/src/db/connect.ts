import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { messageOf } from "../errors";
import { formerDatabase } from "./cluster";
import { openDatabase, type ConnectionSettings, type Database } from "./database";
import { EmbeddedServer } from "./embedded-server";
import { isRefusedConnection } from "./unavailable";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

export interface DatabaseOptions {
  dataDir: string;
  databaseUrl: string | undefined;
  log: (message: string) => void;
  /** Ends the wait for a server that does not answer. */
  signal?: AbortSignal;
}

export interface OpenDatabase {
  db: Database;
  settings: ConnectionSettings;
  /** Ends the connections, and the server when it is the host's own. */
  close: () => Promise<void>;
}

/**
 * The host's own server in `DATA_DIR`, or the one that `DATABASE_URL` names. Waits for that one as long as it takes, with a line for each try.
 *
 * @throws Error in words when the embedded server cannot start or `signal` ends the wait.
 */
export async function connectDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { dataDir, databaseUrl, log } = options;
  if (databaseUrl === undefined) {
    const former = formerDatabase(dataDir);
    if (former !== undefined)
      log(
        `${former} holds the database of an earlier release (PGlite), which this one cannot read. It is left as it is; accounts and triggers have to be made again. Remove the folder when nothing in it is needed any more.`,
      );
    const server = await EmbeddedServer.start({ dataDir, log });
    const db = openDatabase(server.connection);
    return {
      db,
      settings: server.connection,
      close: async () => {
        await db.destroy();
        await server.stop();
      },
    };
  }
  const settings = { connectionString: databaseUrl };
  const db = openDatabase(settings);
  await waitFor(db, addressOf(databaseUrl), options);
  return { db, settings, close: () => db.destroy() };
}

async function waitFor(db: Database, address: string, { log, signal }: DatabaseOptions): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      await sql`select 1`.execute(db);
      return;
    } catch (error) {
      const why = messageOf(error) || (error as { code?: string }).code;
      log(
        isRefusedConnection(error)
          ? `The database at ${address} refuses the connection: ${why}. Check user, password and database name in DATABASE_URL. Trying again in ${pause / 1000} s.`
          : `The database at ${address} does not answer: ${why}. Check that it is running and that DATABASE_URL is right. Trying again in ${pause / 1000} s.`,
      );
      await delay(pause, undefined, { signal });
    }
  }
}

/** The part of the address that is no secret. */
function addressOf(databaseUrl: string): string {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `${hostname || "the local socket"}${port ? `:${port}` : ""}${pathname}`;
}
