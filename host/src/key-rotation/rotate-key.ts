import { sql, type RawBuilder } from "kysely";
import type { Database, Tx } from "../db/database";
import { QUEUE } from "../db/queue";
import { encryptedFor } from "../encrypted-for";
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
  return db.transaction().execute(async (tx) => {
    await refuseOthers(tx);
    await refuseUnknownColumns(tx);
    return encryptAnew(tx, from, to);
  });
}

/**
 * Encrypts everything in the database for the place where it is, with another key or the same.
 *
 * @param leaveUnreadable whether a value that the key does not decrypt stays as it is; otherwise it is an error.
 * @returns how many values.
 */
export async function encryptAnew(
  tx: Tx,
  from: Encryption,
  to: Encryption,
  leaveUnreadable = false,
): Promise<number> {
  let values = 0;
  const reencrypt: Reencrypt = (encrypted, [present = "", ...former]) => {
    // What has done its work is emptied.
    if (encrypted === "") return encrypted;
    values += 1;
    try {
      return to.encrypt(decryptedForOneOf(from, encrypted, [present, ...former]), present);
    } catch (error) {
      if (!leaveUnreadable) throw error;
      return encrypted;
    }
  };
  for (const { table, key, bound = [], columns } of ENCRYPTED)
    await eachRow(tx, table, key, [...bound, ...Object.keys(columns)], async (row) => {
      const changes = Object.entries(columns).flatMap(([name, change]) => {
        const text = row[name];
        return typeof text === "string" ? [sql`${sql.ref(name)} = ${change(text, row, reencrypt)}`] : [];
      });
      if (changes.length > 0)
        await sql`update ${sql.table(table)} set ${sql.join(changes)} where ${isRow(key, row)}`.execute(tx);
    });
  await messages(tx, reencrypt);
  return values;
}

/** @throws Error when it was encrypted for none of them. */
function decryptedForOneOf(key: Encryption, encrypted: string, purposes: string[]): unknown {
  for (const purpose of purposes.slice(0, -1)) {
    try {
      return key.decrypt(encrypted, purpose);
    } catch {
      // For one of the others, then.
    }
  }
  return key.decrypt(encrypted, purposes.at(-1) ?? "");
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

/** Messages wait in the queue, which a database that no host has used does not have. */
async function messages(tx: Tx, reencrypt: Reencrypt): Promise<void> {
  const queue = await sql<{
    is_there: boolean;
  }>`select to_regclass('queue.job') is not null as is_there`.execute(tx);
  if (!queue.rows[0]?.is_there) return;
  const { rows } = await sql<{ id: string; encrypted: string }>`select id, data->>'encrypted' as encrypted
    from queue.job where name = ${QUEUE.messages} and data ? 'encrypted'`.execute(tx);
  for (const { id, encrypted } of rows)
    await sql`update queue.job set data = jsonb_build_object('encrypted', ${reencrypt(encrypted, [encryptedFor.message])}::text)
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
