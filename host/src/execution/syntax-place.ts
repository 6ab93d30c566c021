import { existsSync, readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { parse } from "acorn";

const MOST_FILES = 500;

/**
 * Where the syntax error is that keeps a module from being loaded: in its file, or in one of its package that it imports. Nothing is
 * run. Node itself tells only the words of such an error.
 *
 * @returns `{ file, line }`, or undefined when each of them can be read
 */
export function syntaxPlace(module: string): { file: string; line: number } | undefined {
  const seen = new Set<string>();
  const open = [module];
  for (let file = open.shift(); file !== undefined && seen.size < MOST_FILES; file = open.shift()) {
    if (seen.has(file) || !existsSync(file)) continue;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    try {
      const code = file.endsWith("ts") ? nodeModule.stripTypeScriptTypes(text) : text;
      parse(code, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true });
    } catch (error) {
      return { file, line: lineOf(error, text) };
    }
    for (const [, specifier = ""] of text.matchAll(/\bfrom\s*["'](\.{1,2}\/[^"']+)["']/g)) {
      const path = join(dirname(file), specifier);
      const found = ["", ".ts", ".mjs", ".js", ".cjs"].find(
        (end) => /\.\w+$/.test(path + end) && existsSync(path + end),
      );
      if (found !== undefined) open.push(path + found);
    }
  }
  return undefined;
}

/** The line that an error of the parser names, or of the one that takes the types out. */
function lineOf(error: unknown, text: string): number {
  const { loc, startLine } = error as { loc?: { line?: number }; startLine?: number };
  return loc?.line ?? startLine ?? text.split("\n").length;
}
