import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { builtProblems } from "./check/built";
import { componentRegistryProblems } from "./check/component-registry";
import { docsProblems } from "./docs";

const root = join(__dirname, "..");

/** Runs a tool of `node_modules` and returns what it printed when it failed. */
function tool(file: string, ...args: string[]): string[] {
  const run = spawnSync(process.execPath, [join(root, "node_modules", file), ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status === 0) return [];
  return `${run.stdout}${run.stderr}`.trim().split("\n");
}

const checks: [name: string, run: () => string[] | Promise<string[]>][] = [
  ["types", () => tool("typescript/bin/tsc", "-p", ".", "--noEmit", "--pretty", "false")],
  [
    "types of the page",
    () =>
      existsSync(join(root, "host/web/tsconfig.json"))
        ? tool("typescript/bin/tsc", "-p", "host/web", "--noEmit", "--pretty", "false")
        : [],
  ],
  [
    "types of the Windmill scripts",
    () => tool("typescript/bin/tsc", "-p", "windmill", "--noEmit", "--pretty", "false"),
  ],
  ["lint and import rules", () => tool("eslint/bin/eslint.js", ".")],
  ["format", () => tool("prettier/bin/prettier.cjs", "--check", "--log-level", "warn", ".")],
  ["registry lint of the built components", () => builtProblems(root)],
  ["registry rules of the components", () => componentRegistryProblems(root)],
  ["generated docs", () => docsProblems(root)],
];

/** `npm run check`: everything that can be said of the code without running it. Prints what failed; exit 1 if anything did. */
async function main(): Promise<number> {
  let failed = 0;
  for (const [name, run] of checks) {
    const problems = await run();
    console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${name}`);
    for (const problem of problems) console.log(`       ${problem}`);
    if (problems.length > 0) failed++;
  }
  return failed === 0 ? 0 : 1;
}

void main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
