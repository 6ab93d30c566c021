import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const PATIENCE_MS = 20_000;

/**
 * Ends a server that a dead host left behind in a folder whose lock this process holds. A lock file of the server that names another
 * program is only a left-over, and is removed.
 */
export async function endForeignServer(data: string): Promise<void> {
  const file = join(data, "postmaster.pid");
  const pid = Number(firstLine(file));
  if (!Number.isInteger(pid) || pid <= 0) return;
  for (const end = Date.now() + PATIENCE_MS; isPostgres(pid); await delay(50)) {
    if (Date.now() > end) throw new Error(`A PostgreSQL server (process ${pid}) does not leave ${data}.`);
    if (firstLine(file) !== String(pid)) return;
    process.kill(pid, "SIGINT");
  }
  rmSync(file, { force: true });
  rmSync(join(data, ".s.PGSQL.5432.lock"), { force: true });
}

function isPostgres(pid: number): boolean {
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], {
      stdio: ["ignore", "pipe", "ignore"],
    })
      .toString()
      .includes("postgres");
  } catch {
    return false;
  }
}

function firstLine(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").split("\n")[0];
  } catch {
    return undefined;
  }
}
