import { chmodSync, mkdirSync, statSync } from "node:fs";

/**
 * Makes the folder that holds the database, keys and files, and closes it to other users of the machine, also when it was there before.
 *
 * @throws Error when others may read it and this user may not change that.
 */
export function openDataDir(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform === "win32" || (statSync(folder).mode & 0o077) === 0) return;
  try {
    chmodSync(folder, 0o700);
  } catch (error) {
    throw new Error(
      `Other users of this machine may open ${folder}, and it cannot be closed to them (${(error as Error).message}). Run: chmod 700 ${folder}`,
      { cause: error },
    );
  }
}
