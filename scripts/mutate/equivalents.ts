import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./plant";

/** The faults that change nothing a user could see, by file and change. */
export interface Equivalents {
  has(mutant: Mutant): boolean;
}

/**
 * Reads `test/equivalents.md`. An entry is a list item below a heading with the file: the code before and after in backquotes with an
 * arrow between them, then the reason. Throws for a list item that is no such entry.
 */
export function readEquivalents(root: string): Equivalents {
  const path = join(root, "test/equivalents.md");
  const known = new Set<string>();
  let file = "";
  for (const line of existsSync(path) ? readFileSync(path, "utf8").split("\n") : []) {
    file = /^## `(.+)`$/.exec(line)?.[1] ?? file;
    if (!line.startsWith("* ")) continue;
    const entry = /^\* `+ ?(.+?) ?`+ → `+ ?(.*?) ?`+: \S/.exec(line);
    if (!entry || !file)
      throw new Error(
        `test/equivalents.md: not an entry, "* \`before\` → \`after\`: reason" below a file: ${line}`,
      );
    known.add(key(file, entry[1] ?? "", entry[2] ?? ""));
  }
  return { has: ({ file: of, original, replacement }) => known.has(key(of, original, replacement)) };
}

const key = (file: string, original: string, replacement: string): string =>
  JSON.stringify([file, original, replacement]);
