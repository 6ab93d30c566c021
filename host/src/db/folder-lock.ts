import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

interface Sqlite {
  DatabaseSync: new (path: string) => { exec(sql: string): void; close(): void };
}

/**
 * Locks a folder until the process ends: an exclusive transaction of SQLite, which the kernel ends with the process, and which holds
 * across process namespaces. For systems without `flock`.
 *
 * @returns a function that gives the folder back.
 * @throws Error when another process holds it for longer than `patienceMs`.
 */
export async function lockFolder(folder: string, patienceMs: number): Promise<() => void> {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite") as unknown as Sqlite;
  for (const end = Date.now() + patienceMs; ; await delay(100)) {
    const db = new DatabaseSync(join(folder, "host-lock.sqlite"));
    try {
      db.exec("begin exclusive");
      return () => {
        db.close();
      };
    } catch (error) {
      db.close();
      if (Date.now() > end)
        throw new Error(
          `Another host is using ${folder}. Stop it, or start this one with another DATA_DIR.`,
          { cause: error },
        );
    }
  }
}
