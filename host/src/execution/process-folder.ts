import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { nextProcessUser, systemMeans, type Isolation } from "./process-command";
import { removeTree } from "./remove-tree";
import type { ProcessSurroundings } from "./process-surroundings";

/** The folder of one component process: the only one it may write to, and its `/tmp`. Empty at the start of each run. */
export interface ProcessFolder {
  path: string;
  /** Where the component finds it. */
  seenAs: string;
  /** The user of the process, where the host is root. */
  uid: number | undefined;
  /** False for whoever runs components on their own machine, without isolation. */
  isOwn: boolean;
  /** @throws the system's error. */
  empty(): void;
  /** Never throws. */
  remove: () => void;
}

export function makeProcessFolder(
  surroundings: ProcessSurroundings | undefined,
  workerFile: string,
): ProcessFolder {
  if (!surroundings)
    return {
      path: tmpdir(),
      seenAs: tmpdir(),
      uid: undefined,
      isOwn: false,
      empty: () => undefined,
      remove: () => undefined,
    };
  const { folders, isolation } = surroundings;
  mkdirSync(folders, { recursive: true, mode: 0o711 });
  const path = mkdtempSync(join(folders, "p-"));
  const uid = processUserFor(isolation, workerFile, folders);
  if (uid !== undefined) chownSync(path, uid, uid);
  chmodSync(path, 0o700);
  // What is there before the first run belongs to the start of the process.
  let own: Set<string> | undefined;
  return {
    path,
    seenAs: path,
    uid,
    isOwn: true,
    empty: () => {
      const names = readdirSync(path);
      own ??= new Set(names);
      for (const name of names) if (!own.has(name)) removeTree(join(path, name));
    },
    remove: () => {
      try {
        removeTree(path);
      } catch {
        // The folder around it is taken away when the host ends.
      }
    },
  };
}

const checked = new Map<string, boolean>();

/** A user of its own for the process, when that user can read the programs: a project below a folder that only root may enter has to be run by root. */
export function processUserFor(
  { readable }: Isolation,
  workerFile: string,
  folders: string,
): number | undefined {
  const uid = nextProcessUser();
  if (uid === undefined) return undefined;
  // Without a mount of its own the process must be able to enter its folder by its path.
  const needed = [
    ...[process.execPath, workerFile, ...readable],
    ...(systemMeans().unshare ? [] : [dirname(folders)]),
  ];
  const key = needed.join("\0");
  let usable = checked.get(key);
  if (usable === undefined) {
    const user = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
    const script = 'for file do [ -r "$file" ] || exit 1; done';
    usable =
      spawnSync("setpriv", [...user, "sh", "-c", script, "sh", ...needed], { stdio: "ignore" }).status === 0;
    checked.set(key, usable);
  }
  return usable ? uid : undefined;
}
