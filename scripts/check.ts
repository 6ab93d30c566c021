import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { advisoryProblems } from "./check/advisories";
import { builtProblems } from "./check/built";
import { componentRegistryProblems } from "./check/component-registry";
import { importProblems } from "./check/import-graph";
import { packageProblems } from "./check/packages";
import { versionProblems } from "./check/versions";
import { docsProblems } from "./docs";

const root = join(__dirname, "..");

/** Runs a tool of `node_modules` and returns what it printed when it failed. */
function tool(file: string, ...args: string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "node_modules", file), ...args], { cwd: root });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0 ? [] : printed.trim().split("\n")));
  });
}

const types = (project: string) => () =>
  tool("typescript/bin/tsc", "-p", project, "--noEmit", "--pretty", "false");
const cached = (name: string) => ["--cache", "--cache-location", `.cache/${name}`];

/**
 * What is checked, the longest first. Lint and format look again only at files that changed; a file whose types changed through another
 * one is linted when it changes itself, and on every fresh clone.
 */
const CHECKS: [name: string, what: string, run: () => string[] | Promise<string[]>][] = [
  [
    "lint",
    "lint and import rules",
    () => tool("eslint/bin/eslint.js", ...cached("eslint"), "--cache-strategy", "content", "."),
  ],
  ["types", "types", types(".")],
  ["types-web", "types of the page", types("host/web")],
  [
    "unused",
    "unused files, exports and packages",
    () => tool("knip/bin/knip.js", "--no-progress", "--no-config-hints"),
  ],
  [
    "format",
    "format",
    () => tool("prettier/bin/prettier.cjs", "--check", "--log-level", "warn", ...cached("prettier"), "."),
  ],
  ["types-windmill", "types of the Windmill scripts", types("windmill")],
  ["imports", "circles of files and folders", () => importProblems(root)],
  ["built", "registry lint of the built components", () => builtProblems(root)],
  ["registry", "registry rules of the components", () => componentRegistryProblems(root)],
  ["packages", "hashes, install scripts and licences of the packages", () => packageProblems(root)],
  ["advisories", "known weaknesses of the packages", () => advisoryProblems(root)],
  ["versions", "versions and changelog", () => versionProblems(root)],
  ["docs", "generated docs", () => docsProblems(root)],
];

/**
 * `npm run check -- [NAME …]`: everything that can be said of the code without running it, or the named checks alone. Prints what
 * failed; exit 1 if anything did.
 */
async function main(): Promise<number> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !CHECKS.some(([known]) => known === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no check "${unknown.join(", ")}". Checks: ${CHECKS.map(([name]) => name).join(", ")}.`,
    );
  const waiting = CHECKS.filter(([name]) => asked.length === 0 || asked.includes(name));
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, what, run] = next;
      const started = performance.now();
      const problems = await run();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${name}: ${what} (${seconds} s)`);
      for (const problem of problems) console.log(`       ${problem}`);
      if (problems.length > 0) failed++;
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  return failed === 0 ? 0 : 1;
}

void main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
