import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/**
 * A copy of the working tree with the faults planted and, where asked, everything built. node_modules is shared. Files that stayed the same since the
 * last time are left alone, so that only what changed is built again. Returns its folder.
 */
export function prepareSandbox(
  root: string,
  folder: string,
  sources: Map<string, string>,
  build: boolean,
): string {
  const listed = run(root, "git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  // git lists files of the index that were deleted since.
  const files = new Set(listed.split("\0").filter((file) => file && existsSync(join(root, file))));
  for (const file of below(folder)) if (!files.has(file)) rmSync(join(folder, file));
  for (const file of files) {
    const path = join(folder, file);
    const text = Buffer.from(sources.get(file) ?? readFileSync(join(root, file)));
    if (existsSync(path) && readFileSync(path).equals(text)) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (!existsSync(join(folder, "node_modules")))
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  if (build) run(folder, process.execPath, ["scripts/run.mjs", "setup"]);
  return folder;
}

/** The files of the copy, without what was built or installed there. */
function below(folder: string, path = ""): string[] {
  if (!existsSync(join(folder, path))) return [];
  return readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
    const name = path ? `${path}/${entry.name}` : entry.name;
    if (/^(node_modules|dist|\.cache)$/.test(entry.name)) return [];
    return entry.isDirectory() ? below(folder, name) : [name];
  });
}

function run(cwd: string, command: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} in ${cwd}: ${stderr}`);
  return stdout;
}
