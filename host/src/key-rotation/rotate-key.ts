import { sql, type RawBuilder } from "kysely";
import type { Database, Tx } from "../db/database";
import { QUEUE } from "../db/queue";
import type { Encryption } from "../encryption";
import { ENCRYPTED, type Reencrypt } from "./encrypted-columns";

const BATCH = 50;
type Row = Record<string, string | number | null>;

/**
 * Encrypts everything in the database with another key, in one transaction: all of it, or nothing. No host and no worker may run.
 *
 * @returns how many values.
 * @throws Error in words when hosts are connected, or something is there that neither key nor list knows.
 */
export async function rotateKey(db: Database, from: Encryption, to: Encryption): Promise<number> {
  let values = 0;
  const reencrypt: Reencrypt = (encrypted, purposes) => {
    values += 1;
    for (const [index, purpose] of purposes.entries()) {
      try {
        return to.encrypt(from.decrypt(encrypted, purpose), purpose);
      } catch (error) {
        if (index === purposes.length - 1) throw error;
      }
    }
    return encrypted;
  };
  await db.transaction().execute(async (tx) => {
    await refuseOthers(tx);
    await refuseUnknownColumns(tx);
    for (const { table, key, columns } of ENCRYPTED)
      await eachRow(tx, table, key, Object.keys(columns), async (row) => {
        const changes = Object.entries(columns).flatMap(([name, change]) => {
          const text = row[name];
          return typeof text === "string" ? [sql`${sql.ref(name)} = ${change(text, row, reencrypt)}`] : [];
        });
        if (changes.length > 0)
          await sql`update ${sql.table(table)} set ${sql.join(changes)} where ${isRow(key, row)}`.execute(tx);
      });
    await messages(tx, reencrypt);
  });
  return values;
}

const refs = (names: string[]): RawBuilder<unknown> => sql.join(names.map((name) => sql.ref(name)));
const isRow = (key: string[], row: Row): RawBuilder<unknown> =>
  sql`(${refs(key)}) = (${sql.join(key.map((name) => row[name]))})`;

async function eachRow(
  tx: Tx,
  table: string,
  key: string[],
  columns: string[],
  work: (row: Row) => Promise<void>,
): Promise<void> {
  let last: Row | undefined;
  do {
    const after = last ? sql`where (${refs(key)}) > (${sql.join(key.map((name) => last?.[name]))})` : sql``;
    const { rows } = await sql<Row>`select ${refs([...key, ...columns])} from ${sql.table(table)} ${after}
      order by ${refs(key)} limit ${BATCH}`.execute(tx);
    for (const row of rows) await work(row);
    last = rows.at(-1);
  } while (last);
}

/** Messages wait in the queue. */
async function messages(tx: Tx, reencrypt: Reencrypt): Promise<void> {
  const { rows } = await sql<{ id: string; encrypted: string }>`select id, data->>'encrypted' as encrypted
    from queue.job where name = ${QUEUE.messages} and data ? 'encrypted'`.execute(tx);
  for (const { id, encrypted } of rows)
    await sql`update queue.job set data = jsonb_build_object('encrypted', ${reencrypt(encrypted, ["message"])}::text)
      where name = ${QUEUE.messages} and id = ${id}::uuid`.execute(tx);
}

/** A host keeps the former key until it ends, and would write with it. */
async function refuseOthers(tx: Tx): Promise<void> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
    where datname = current_database() and application_name = 'host'
    and backend_start < (select min(backend_start) from pg_stat_activity where pid = pg_backend_pid())`.execute(
    tx,
  );
  if (Number(rows[0]?.n) > 0)
    throw new Error("A host or worker is connected to this database. Stop all of them first.");
}

async function refuseUnknownColumns(tx: Tx): Promise<void> {
  const { rows } = await sql<{ name: string }>`select table_name || '.' || column_name as name
    from information_schema.columns
    where table_schema = current_schema() and column_name like 'encrypted%'`.execute(tx);
  const known = new Set(
    ENCRYPTED.flatMap(({ table, columns }) => Object.keys(columns).map((name) => `${table}.${name}`)),
  );
  const unknown = rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Error(`Nobody said how ${unknown.join(", ")} is encrypted, so the key was not changed.`);
}
