import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, sep } from "node:path";

export interface ModuleFile {
  path: string;
  /** Changes when the file does. */
  version: string;
}

/**
 * The module files of a component package: `<name>.app.mjs` anywhere, and below `actions` or `sources` each
 * `<name>/<name>.mjs`. Helpers beside them are not components. An absent folder has none.
 */
export async function findModuleFiles(root: string): Promise<ModuleFile[]> {
  const found: ModuleFile[] = [];
  const walk = async (folder: string): Promise<void> => {
    let entries;
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && !entry.name.startsWith(".")) await walk(path);
      } else if (isModuleFile(path.slice(root.length))) {
        const facts = await stat(path);
        found.push({ path, version: `${facts.mtimeMs}:${facts.size}` });
      }
    }
  };
  await walk(root);
  return found;
}

function isModuleFile(path: string): boolean {
  const extension = extname(path);
  if (extension !== ".mjs" && extension !== ".js") return false;
  const name = basename(path, extension);
  if (name.endsWith(".app")) return true;
  const folders = dirname(path).split(sep);
  return folders.at(-1) === name && (folders.includes("actions") || folders.includes("sources"));
}
