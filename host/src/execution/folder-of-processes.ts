import { chmodSync, lstatSync, mkdtempSync, readdirSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeTree } from "./remove-tree";
import { nextProcessUser, systemMeans } from "./process-command";

const PREFIX = "host-runs-";
const TOUCH_MS = 60_000;
/** A host that has not touched its folder for so long is gone. */
const GONE_MS = 10 * TOUCH_MS;

/**
 * A folder of this host's own, in which each component process gets one: in the data folder, or, where processes have users of their own but
 * no mounts, in the system's temporary folder, which those users can enter. What hosts left behind that were cut off is taken away.
 */
export function folderOfProcesses(dataDir: string): { folders: string; remove: () => void } {
  const isInside = nextProcessUser() === undefined || systemMeans().unshare !== undefined;
  const parent = isInside ? dataDir : tmpdir();
  removeAbandoned(parent);
  const folders = mkdtempSync(join(parent, PREFIX));
  if (!isInside) chmodSync(folders, 0o711);
  const touch = setInterval(() => {
    try {
      utimesSync(folders, new Date(), new Date());
    } catch {
      // Its disk is away or full; the next look tries again.
    }
  }, TOUCH_MS);
  touch.unref();
  return {
    folders,
    remove: () => {
      clearInterval(touch);
      removeTree(folders);
    },
  };
}

function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(parent, name);
    try {
      const { mtimeMs, uid } = lstatSync(path);
      if (Date.now() - mtimeMs > GONE_MS && uid === process.getuid?.()) removeTree(path);
    } catch {
      // Another host was quicker.
    }
  }
}
