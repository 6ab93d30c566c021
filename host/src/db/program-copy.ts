import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  chmodSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * The programs in a folder below `parent` that every user may enter and only its owner may change: hard links where the file
 * system allows, else copies. Made whole or not at all; one that is there is used again.
 *
 * @param complete makes the library links of a fresh copy.
 * @returns the copy's `native` folder.
 */
export function copyPrograms(
  home: string,
  parent: string,
  version: string,
  complete: (home: string) => void,
): string {
  const target = join(parent, `servicenow-components-postgresql-${version}`);
  if (existsSync(target)) return join(ownedFolder(target), basename(home));
  mkdirSync(parent, { recursive: true });
  const making = mkdtempSync(`${target}.`);
  try {
    chmodSync(making, 0o755);
    const copied = join(making, basename(home));
    copyFolder(home, copied);
    copyFileSync(join(dirname(home), "package.json"), join(making, "package.json"));
    complete(copied);
    renameSync(making, target);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another host that started at the same time may have been first.
    if (!existsSync(target)) throw error;
  }
  return join(ownedFolder(target), basename(home));
}

/** In a folder that others may write to, somebody else's programs could wait under the expected name. */
function ownedFolder(folder: string): string {
  const facts = lstatSync(folder);
  if (!facts.isDirectory() || facts.uid !== process.getuid?.() || (facts.mode & 0o022) !== 0)
    throw new Error(`${folder} belongs to another user or may be changed by others`);
  return folder;
}

function copyFolder(from: string, to: string): void {
  mkdirSync(to, { mode: 0o755 });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyFolder(source, target);
    else if (entry.isFile()) linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  const { mode } = lstatSync(source);
  // A link shares its mode with the original, which is not ours to change.
  if ((mode & 0o044) === 0o044) {
    try {
      linkSync(source, target);
      return;
    } catch {
      // Another file system, or a kernel that protects links: a copy does as well.
    }
  }
  copyFileSync(source, target);
  chmodSync(target, mode & 0o100 ? 0o755 : 0o644);
}
