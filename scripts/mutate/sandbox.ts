import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Copies of the working tree with the faults planted and everything built. node_modules is shared. Returns their folders. */
export function prepareSandbox(
  root: string,
  folder: string,
  sources: Map<string, string>,
  count: number,
): string[] {
  rmSync(folder, { recursive: true, force: true });
  const files = run(root, "git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
    .split("\0")
    .filter(Boolean);
  const first = join(folder, "0");
  for (const file of files) {
    mkdirSync(dirname(join(first, file)), { recursive: true });
    const planted = sources.get(file);
    if (planted === undefined) copyIfThere(join(root, file), join(first, file));
    else writeFileSync(join(first, file), planted);
  }
  symlinkSync(join(root, "node_modules"), join(first, "node_modules"), "dir");
  run(first, process.execPath, ["scripts/run.mjs", "setup"]);
  const others = Array.from({ length: count - 1 }, (_, at) => join(folder, String(at + 1)));
  for (const other of others) cpSync(first, other, { recursive: true, verbatimSymlinks: true });
  return [first, ...others];
}

/** git lists files of the index that were deleted since. */
function copyIfThere(from: string, to: string): void {
  try {
    copyFileSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function run(cwd: string, command: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) console.error(`${command} ${args.join(" ")} in ${cwd}: ${stderr}`);
  return stdout;
}
