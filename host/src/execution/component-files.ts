import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, sep } from "node:path";

export interface ModuleFile {
  path: string;
  /** Changes when the file does, a file it may import (any that is no component), or what is installed beside it. */
  version: string;
}

interface FoundFile {
  path: string;
  state: string;
}

/** In this order one of them counts, where a component is there as source and as built. */
const EXTENSIONS = [".mjs", ".js", ".ts"];
/** What a component may import from its package. */
const IMPORTED = new Set([...EXTENSIONS, ".cjs", ".cts", ".mts", ".json"]);

/**
 * The module files of a component package: `<name>.app.mjs` anywhere, and below `actions` or `sources` each
 * `<name>/<name>.mjs`; `.js` and `.ts` too. Helpers beside them are not components. An absent folder has none.
 */
export async function findModuleFiles(root: string): Promise<ModuleFile[]> {
  const files = await filesBelow(root);
  const modules = new Map<string, FoundFile>();
  const shared = createHash("sha256");
  for (const file of files) {
    const inside = file.path.slice(root.length);
    const isApp = inside.replace(/\.\w+$/, "").endsWith(".app");
    if (!isModuleFile(inside) || isApp) shared.update(`${inside} ${file.state}\n`);
    if (!isModuleFile(inside)) continue;
    const name = inside.replace(/\.\w+$/, "");
    const known = modules.get(name);
    if (!known || rank(file.path) < rank(known.path)) modules.set(name, file);
  }
  for (const installed of await installedBeside(root)) shared.update(installed);
  const version = shared.digest("base64url").slice(0, 12);
  return [...modules.values()].map(({ path, state }) => ({ path, version: `${state}:${version}` }));
}

async function filesBelow(root: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
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
      } else if (IMPORTED.has(extname(entry.name))) {
        // An editor may replace a file between the two looks.
        const facts = await stat(path).catch(() => undefined);
        if (facts) found.push({ path, state: `${facts.mtimeMs}:${facts.size}` });
      }
    }
  };
  await walk(root);
  return found;
}

/** npm rewrites its list in `node_modules` with each installation. */
async function installedBeside(root: string): Promise<string[]> {
  const states: string[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    for (const path of [join(folder, "node_modules"), join(folder, "node_modules/.package-lock.json")]) {
      const facts = await stat(path).catch(() => undefined);
      if (facts) states.push(`${path} ${facts.mtimeMs}`);
    }
    if (folder === dirname(folder)) return states;
  }
}

function rank(path: string): number {
  return EXTENSIONS.indexOf(extname(path));
}

function isModuleFile(path: string): boolean {
  const extension = extname(path);
  if (!EXTENSIONS.includes(extension) || path.endsWith(".d.ts")) return false;
  const name = basename(path, extension);
  if (name.endsWith(".app")) return true;
  const folders = dirname(path).split(sep);
  return folders.at(-1) === name && (folders.includes("actions") || folders.includes("sources"));
}
