import { PGlite, type Transaction } from "@electric-sql/pglite";
import pg from "pg";

/** Where SQL goes: the database, or one transaction of it. Parameters are `$1`, `$2` …; whole numbers of any size come back as numbers. */
export interface Queryable {
  query<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

export interface Database extends Queryable {
  readonly kind: "embedded" | "server";
  /** Runs several statements without parameters. */
  script(sql: string): Promise<Record<string, unknown>[]>;
  /** Commits when `work` resolves and rolls back when it rejects. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The embedded database in a folder (made when absent), or in memory without one. */
export async function openEmbedded(folder: string | undefined): Promise<Database> {
  const db = await PGlite.create(folder ?? "memory://");
  const queryable = (target: PGlite | Transaction): Queryable => ({
    query: async <Row>(sql: string, parameters: unknown[] = []) =>
      (await target.query<Row>(sql, parameters)).rows,
  });
  let closed = false;
  return {
    kind: "embedded",
    ...queryable(db),
    script: async (sql) => ((await db.exec(sql)).at(-1)?.rows ?? []) as Record<string, unknown>[],
    transaction: (work) => db.transaction((tx) => work(queryable(tx))),
    close: async () => {
      if (closed) return;
      closed = true;
      await db.close();
    },
  };
}

/** A PostgreSQL server by its connection URL. */
export async function openServer(url: string): Promise<Database> {
  const types = {
    getTypeParser: (oid: number, format?: "text" | "binary") =>
      oid === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(oid, format as "text") as unknown),
  };
  const pool = new pg.Pool({ connectionString: url, max: 10, types: types as pg.CustomTypesConfig });
  // A connection the server ends while idle is replaced by the pool; without a listener it would end the host.
  pool.on("error", () => undefined);
  const queryable = (target: pg.Pool | pg.PoolClient): Queryable => ({
    query: async <Row>(sql: string, parameters: unknown[] = []) =>
      (await target.query(sql, parameters)).rows as Row[],
  });
  await pool.query("select 1");
  return {
    kind: "server",
    ...queryable(pool),
    script: async (sql) => {
      const result = (await pool.query(sql)) as unknown as pg.QueryResult | pg.QueryResult[];
      return ((Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? []) as Record<string, unknown>[];
    },
    transaction: async (work) => {
      const client = await pool.connect();
      try {
        await client.query("begin");
        const value = await work(queryable(client));
        await client.query("commit");
        return value;
      } catch (error) {
        await client.query("rollback").catch(() => undefined);
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}
