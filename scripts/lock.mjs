// A lock file for work that two commands must not do at once. It names the process that holds it.
import { mkdirSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Runs `work` while no other process holds the lock. A lock that outlived its process is taken over. */
export async function withLock(lock, work) {
  mkdirSync(dirname(lock), { recursive: true });
  while (!take(lock)) await new Promise((done) => setTimeout(done, 100));
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  if (!isHeld(lock)) removeStale(lock);
  return false;
}

function isHeld(lock) {
  try {
    const owner = Number(readFileSync(lock, "utf8"));
    // Empty for the moment between its creation and the writing of the process id.
    if (!(owner > 0)) return Date.now() - statSync(lock).mtimeMs < 1000;
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** One process removes a stale lock at a time, and looks again first: it may be another's new one by now. */
function removeStale(lock) {
  const removing = `${lock}.removing`;
  try {
    mkdirSync(removing);
  } catch {
    const abandoned =
      Date.now() - (statSync(removing, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 10_000;
    if (abandoned) rmSync(removing, { recursive: true, force: true });
    return;
  }
  if (!isHeld(lock)) rmSync(lock, { force: true });
  rmdirSync(removing);
}
