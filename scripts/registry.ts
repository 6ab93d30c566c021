import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { lintTree } from "./registry/lint";
import { SOURCES, treeFiles, type TreeFile } from "./registry/tree-files";

const LIMITS = { files: 15, lines: 1000, linesOfOne: 150 };

/** What a reviewer would refuse. */
function problems(files: TreeFile[]): string[] {
  const lines = (text: string): number => text.trimEnd().split("\n").length;
  const all = files.reduce((sum, { text }) => sum + lines(text), 0);
  return [
    ...(files.length > LIMITS.files ? [`${files.length} files, and ${LIMITS.files} are the most`] : []),
    ...(all > LIMITS.lines ? [`${all} lines, and ${LIMITS.lines} are the most`] : []),
    ...files
      .filter(({ path, text }) => path.endsWith(".mjs") && lines(text) > LIMITS.linesOfOne)
      .map(({ path, text }) => `${path} has ${lines(text)} lines, and ${LIMITS.linesOfOne} are the most`),
    ...lintTree(files),
  ];
}

/** `npm run registry -- OUT`: the files of a pull request to the registry, as they stand below `components/servicenow/`. */
function main(): void {
  const [out, ...rest] = process.argv.slice(2);
  if (out === undefined || rest.length > 0) throw new Error("Give one folder: npm run registry -- OUT");
  const files = treeFiles();
  const found = problems(files);
  if (found.length > 0) throw new Error(found.join("\n"));
  for (const { path, text } of files) {
    const target = join(resolve(out), path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, path === "package.json" ? merged(target, text) : text);
  }
  console.log(JSON.stringify({ out: resolve(out), sources: SOURCES, files: files.map(({ path }) => path) }));
}

/** The registry's own package.json keeps what it has; the dependency comes to it. */
function merged(target: string, text: string): string {
  let there: { dependencies?: object };
  try {
    there = JSON.parse(readFileSync(target, "utf8")) as typeof there;
  } catch {
    return text;
  }
  const { dependencies } = JSON.parse(text) as { dependencies: object };
  return `${JSON.stringify({ ...there, dependencies: { ...there.dependencies, ...dependencies } }, null, 2)}\n`;
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
