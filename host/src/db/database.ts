import { Kysely, PostgresDialect, sql, type RawBuilder, type Transaction } from "kysely";
import pg from "pg";
import type { Schema } from "./schema";

/** The host's tables, typed. */
export type Database = Kysely<Schema>;
/** The same, or one transaction of it. */
export type Queryable = Kysely<Schema> | Transaction<Schema>;
export type Tx = Transaction<Schema>;

/** How `pg` reaches the server. */
export type ConnectionSettings = Pick<
  pg.PoolConfig,
  "connectionString" | "host" | "port" | "user" | "password" | "database"
>;

const MOST_CONNECTIONS = 12;
/** How long a query waits for a connection before it fails. */
export const CONNECT_MS = 10_000;

/** Whole numbers of any size come back as numbers: times and counts are far below 2^53. */
const INT8: number = pg.types.builtins.INT8;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === INT8
      ? Number
      : (pg.types.getTypeParser(oid, format) as unknown)) as pg.CustomTypesConfig["getTypeParser"],
};

/** Opens a pool of connections; none is made before the first query. */
export function openDatabase(settings: ConnectionSettings): Database {
  const pool = new pg.Pool({
    ...settings,
    max: MOST_CONNECTIONS,
    types,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: "host",
  });
  // A connection the server ends while idle is replaced by the pool; without a listener it would end the host.
  pool.on("error", () => undefined);
  // The same holds for one that is in use: the pool does not listen then, and its query fails anyway.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

/** The time by the clock of the database, in ms: processes on machines whose clocks differ agree on it. */
export function nowMs(): RawBuilder<number> {
  return sql<number>`now_ms()`;
}

/** The same, as a value. */
export async function databaseTime(db: Queryable): Promise<number> {
  const { rows } = await sql<{ now: number }>`select now_ms() as now`.execute(db);
  return rows[0]?.now ?? Date.now();
}
