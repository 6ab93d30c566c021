import { cpSync, existsSync, symlinkSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { giveTo } from "../db/server-user";
import { readablePaths } from "./process-command";
import type { ProcessFolder } from "./process-folder";
import type { ProcessSurroundings } from "./process-surroundings";

/** In the process's own folder. */
const NAME = "code";

/**
 * A module outside of the packages, such as the code of a workflow's step, is copied into the process's folder with all that lies beside
 * it, since the process can read no other. What it imports is looked for in the packages' `node_modules`.
 *
 * @returns where the process finds the module; undefined when it can read it where it is.
 */
export function bringModule(
  file: string,
  folder: ProcessFolder,
  { isolation }: ProcessSurroundings,
  workerFile: string,
): string | undefined {
  const readable = readablePaths(isolation, workerFile);
  if (readable.some((path) => file === path || file.startsWith(path + sep)) || !existsSync(file))
    return undefined;
  const inside = join(folder.path, NAME);
  cpSync(dirname(file), inside, { recursive: true });
  if (folder.uid !== undefined) giveTo(folder.uid, inside);
  const packages = readable.find((path) => basename(path) === "node_modules");
  if (packages !== undefined) symlinkSync(packages, join(folder.path, "node_modules"));
  return join(folder.seenAs, NAME, basename(file));
}
