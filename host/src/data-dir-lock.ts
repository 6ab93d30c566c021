import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Takes the data folder for this process, so that two hosts never open one embedded database. A lock left by a host that was killed
 * is taken over at once: it names its process and that process's start, and neither lives on.
 *
 * @returns a function that gives the folder back.
 * @throws Error that names the other process.
 */
export function lockDataDir(dataDir: string): () => void {
  const path = join(dataDir, "host.lock");
  const mine = `${process.pid} ${startOf(process.pid)}`;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      writeFileSync(path, mine, { flag: "wx", mode: 0o600 });
      return () => {
        if (read(path) === mine) rmSync(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = read(path);
    if (holder === undefined) continue;
    const [pid, start] = holder.split(" ");
    if (isAlive(Number(pid), start))
      throw new Error(
        `Another host (process ${pid}) is using ${dataDir}. Stop it, or start this one with another DATA_DIR.`,
      );
    takeAway(path, holder);
  }
  throw new Error(`${path} could not be taken. Remove it if no host is running, and start again.`);
}

/** Removes the dead lock, unless another process has just put its own in its place. */
function takeAway(path: string, holder: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (read(aside) !== holder) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function isAlive(pid: number, start: string | undefined): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return start === "" || start === undefined || startOf(pid) === start;
}

/** When the process started, in the kernel's own count; empty where there is no /proc. Tells a number used again from the same process. */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
