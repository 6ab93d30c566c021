import { DatabaseSync } from "node:sqlite";
import type { TokenStore } from "../../../common";

/**
 * Tokens in a table, as a program with a database would keep them: a row a connection, and a lock that is a row as well. It
 * follows the interface alone.
 */
export function databaseStore(file: string): TokenStore {
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec(
    "CREATE TABLE IF NOT EXISTS tokens (key TEXT PRIMARY KEY, token TEXT); CREATE TABLE IF NOT EXISTS locks (key TEXT PRIMARY KEY, until INTEGER)",
  );
  const claim = db.prepare(
    "INSERT INTO locks VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET until = excluded.until WHERE until < ?",
  );
  return {
    get: async (key) => {
      const row = db.prepare("SELECT token FROM tokens WHERE key = ?").get(key) as
        { token: string } | undefined;
      return row ? (JSON.parse(row.token) as unknown) : null;
    },
    set: async (key, token) => {
      if (token) db.prepare("INSERT OR REPLACE INTO tokens VALUES (?, ?)").run(key, JSON.stringify(token));
      else db.prepare("DELETE FROM tokens WHERE key = ?").run(key);
    },
    async withLock(key, task) {
      while (claim.run(key, Date.now() + 10_000, Date.now()).changes === 0)
        await new Promise((resolve) => setTimeout(resolve, 20));
      try {
        return await task();
      } finally {
        db.prepare("DELETE FROM locks WHERE key = ?").run(key);
      }
    },
  };
}
