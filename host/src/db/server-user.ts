import { chownSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** PostgreSQL refuses to run as root, and a user of its own keeps other processes away from it. Between the ranges that systems give out. */
const DATABASE_UID = 60_600;
const NOBODY = 65_534;

/**
 * The user that runs the embedded server: undefined for the host's own; where the host is root, the owner of the data folder, or one
 * that belongs to nobody else.
 */
export function serverUser(data: string): number | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(data, { throwIfNoEntry: false })?.uid;
  if (owner !== undefined && owner !== 0) return owner;
  return exists(DATABASE_UID) ? DATABASE_UID : NOBODY;
}

/** A container may map only a part of the user ids; files cannot be given to the others. */
function exists(uid: number): boolean {
  const folder = mkdtempSync(join(tmpdir(), "user-"));
  try {
    chownSync(folder, uid, uid);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `initdb` wants a user with a name, though it needs none: the id of one, never root's. Undefined when the system has no such list. */
export function namedUser(): number | undefined {
  const ids = passwordEntries().filter((uid) => uid !== 0);
  return ids.includes(NOBODY) ? NOBODY : ids[0];
}

/** Whether the user that the host runs as has a name, which is not so in some containers. */
export function hasName(uid: number): boolean {
  return passwordEntries().includes(uid);
}

function passwordEntries(): number[] {
  try {
    return readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => Number(line.split(":")[2]))
      .filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Gives a folder and all in it to the user. Follows no links. */
export function giveTo(uid: number, path: string): void {
  const facts = lstatSync(path);
  if (facts.isSymbolicLink()) return;
  if (facts.isDirectory()) for (const name of readdirSync(path)) giveTo(uid, join(path, name));
  chownSync(path, uid, uid);
}
