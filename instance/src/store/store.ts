import { dropOldest } from "./drop-oldest";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { metadataRoot, type Dictionary, type Table } from "../dictionary/model";
import { createIndexes, createTables, metadataStorages, storageColumns } from "./schema";
import type { Parameter } from "./sql";
import type { Row, Stored } from "./values";

/** How a transaction, and one inside of another, begins, ends and is undone. */
const OUTER = ["BEGIN", "COMMIT", "ROLLBACK"] as const;
const INNER = ["SAVEPOINT inner", "RELEASE inner", "ROLLBACK TO inner; RELEASE inner"] as const;

/** The database of the instance: one SQLite table for each hierarchy of ServiceNow tables. */
export class Store {
  readonly db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #versions = new Map<string, number>();
  readonly #columns = new Map<string, Set<string>>();
  #metadata = new Set<string>();
  readonly #afterCommit: (() => void)[] = [];
  /** How many calls of `transaction` are under way, one inside of the other. */
  #depth = 0;
  #isOpen = true;

  constructor(
    readonly dictionary: Dictionary,
    file: string | undefined,
  ) {
    // ServiceNow has no foreign keys in the database, and a double quote is for names alone.
    this.db = new DatabaseSync(file ?? ":memory:", { enableForeignKeyConstraints: false });
    this.db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA cache_size = -98304;
      PRAGMA temp_store = MEMORY;
    `);
    // 64 MB: a record of a large table touches a dozen pages, and a checkpoint for every fifty of them costs more than they do.
    this.db.exec("PRAGMA wal_autocheckpoint = 16384");
    this.db.function("encode_uri", { deterministic: true }, (text) => encodeURIComponent(String(text)));
    this.db.function("table_exists", (name) => (dictionary.get(String(name)) ? 1 : 0));
    this.db.exec("CREATE TABLE IF NOT EXISTS instance_state (name TEXT PRIMARY KEY, value TEXT NOT NULL)");
    this.extend();
  }

  /** Makes room for everything the dictionary has. */
  extend(): void {
    createTables(this.db, this.dictionary);
    this.#metadata = new Set(metadataStorages(this.dictionary));
    for (const [storage, columns] of storageColumns(this.dictionary)) {
      this.#columns.set(storage, new Set(columns.keys()));
      this.touch(storage);
    }
    // Statements know the columns of the time they were made.
    this.#statements.clear();
  }

  /** Indexes come after the seed, since filling them at once is several times faster. */
  createIndexes(): void {
    createIndexes(this.db, this.dictionary);
  }

  state(name: string): string | undefined {
    return (
      this.get("SELECT value FROM instance_state WHERE name = ?", [name]) as { value: string } | undefined
    )?.value;
  }

  setState(name: string, value: string): void {
    this.run(
      "INSERT INTO instance_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      [name, value],
    );
  }

  get(sql: string, parameters: Parameter[] = []): Row | undefined {
    return this.#prepare(sql).get(...parameters) as Row | undefined;
  }

  all(sql: string, parameters: Parameter[] = []): Row[] {
    return this.#prepare(sql).all(...parameters) as Row[];
  }

  run(sql: string, parameters: Parameter[] = []): void {
    this.#prepare(sql).run(...parameters);
  }

  /** Changes with every write to the storage table; caches compare it. */
  version(storage: string): number {
    return this.#versions.get(storage) ?? 0;
  }

  /** The record, whatever its class within the table's hierarchy, provided it belongs to the table. */
  byId(table: Table, sysId: string): Row | undefined {
    const row = this.get(`SELECT * FROM "${table.storage}" WHERE sys_id = ?`, [sysId]);
    return row && this.belongs(table, row) ? row : undefined;
  }

  /** Whether a record of the table or of a table beside it has this sys_id. */
  isTaken(table: Table, sysId: string): boolean {
    return this.get(`SELECT 1 AS taken FROM "${table.storage}" WHERE sys_id = ?`, [sysId]) !== undefined;
  }

  belongs(table: Table, row: Row): boolean {
    if (table.name === table.storage) return true;
    return table.classes.includes(String(row.sys_class_name));
  }

  /** First record with the value; for look-ups by name. */
  find(table: Table, element: string, value: Stored): Row | undefined {
    const row = this.get(`SELECT * FROM "${table.storage}" WHERE "${element}" = ? LIMIT 1`, [value]);
    return row && this.belongs(table, row) ? row : undefined;
  }

  insert(storage: string, row: Row): void {
    const known = this.#columns.get(storage);
    const values = Object.entries(row).filter(([name, stored]) => stored !== null && known?.has(name));
    const names = values.map(([name]) => name);
    this.run(
      `INSERT INTO "${storage}" (${names.map((name) => `"${name}"`).join(",")}) VALUES (${names.map(() => "?").join(",")})`,
      values.map(([, stored]) => stored),
    );
    this.touch(storage);
  }

  update(storage: string, sysId: string, changes: Row): void {
    const names = Object.keys(changes);
    if (names.length === 0) return;
    this.run(`UPDATE "${storage}" SET ${names.map((name) => `"${name}" = ?`).join(", ")} WHERE sys_id = ?`, [
      ...Object.values(changes),
      sysId,
    ]);
    this.touch(storage);
  }

  delete(storage: string, sysId: string): void {
    this.run(`DELETE FROM "${storage}" WHERE sys_id = ?`, [sysId]);
    this.touch(storage);
  }

  touch(storage: string): void {
    this.#versions.set(storage, this.version(storage) + 1);
    if (this.#metadata.has(storage)) this.touch(metadataRoot);
  }

  /** Runs the work in a transaction, or within the one that is under way; an error undoes just this work. */
  transaction<T>(work: () => T): T {
    const before = this.#afterCommit.length;
    const [begin, commit, undo] = this.#depth === 0 ? OUTER : INNER;
    this.db.exec(begin);
    this.#depth += 1;
    let done: T;
    try {
      done = work();
      this.db.exec(commit);
    } catch (error) {
      this.#afterCommit.length = before;
      this.#undo(undo);
      throw error;
    } finally {
      this.#depth -= 1;
    }
    if (this.#depth === 0) for (const effect of this.#afterCommit.splice(0)) effect();
    return done;
  }

  #undo(sql: string): void {
    try {
      this.db.exec(sql);
    } catch {
      // After some errors, such as a full disk, SQLite has undone the transaction itself; what matters is the error before.
    }
  }

  /** Runs the effect once everything is committed: at once outside a transaction, never when it is undone. */
  afterCommit(effect: () => void): void {
    if (this.#depth > 0) this.#afterCommit.push(effect);
    else effect();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  close(): void {
    this.#isOpen = false;
    this.#statements.clear();
    this.db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement) return statement;
    statement = this.db.prepare(sql);
    if (this.#statements.size >= 400) dropOldest(this.#statements);
    this.#statements.set(sql, statement);
    return statement;
  }
}
