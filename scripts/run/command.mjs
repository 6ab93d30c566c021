// Runs a command under the right Node.js, in this very process. `scripts/run.mjs` has installed what is needed.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";
import { buildParts } from "../build/build.mjs";

const everything = ["instance", "host", "components", "web"];
const programs = ["instance", "host", "components"];

/**
 * What each command needs built, and what it starts: a script of ours, a built program or a tool of node_modules. `args` come before
 * those of the command line.
 */
const COMMANDS = {
  start: { build: everything, script: "scripts/start.ts" },
  dev: { build: everything, script: "scripts/dev.ts" },
  demo: { build: programs, script: "scripts/demo.ts" },
  instance: { build: ["instance"], program: "instance/dist/main.mjs" },
  host: { build: ["host", "components", "web"], program: "host/dist/main.mjs" },
  worker: { build: ["host", "components"], program: "host/dist/main.mjs", args: ["--worker"] },
  component: { build: ["host", "components"], script: "scripts/component.ts" },
  "component-test": { build: ["host"], script: "scripts/component-test.ts" },
  mcp: { build: ["host"], program: "host/dist/mcp.mjs" },
  workflow: { build: [], script: "scripts/workflow.ts" },
  build: { build: everything, script: "scripts/build.ts" },
  pack: { build: everything, script: "scripts/pack.ts" },
  registry: { build: [], script: "scripts/registry.ts" },
  check: { build: ["components"], script: "scripts/check.ts" },
  docs: { build: [], script: "scripts/docs.ts" },
  bench: { build: programs, script: "scripts/bench.ts" },
  mutate: { build: [], script: "scripts/mutate.ts" },
  torture: { build: programs, script: "scripts/torture.ts" },
  fuzz: { build: programs, script: "scripts/fuzz.ts" },
  test: { build: (args) => (testsBrowser(args) ? everything : programs), script: "scripts/test.ts" },
  backup: { build: [], script: "scripts/backup.ts" },
  restore: { build: [], script: "scripts/restore.ts" },
  "rotate-key": { build: [], script: "scripts/rotate-key.ts" },
  "sign-in": { build: [], script: "scripts/sign-in.ts" },
  format: { build: [], tool: "prettier/bin/prettier.cjs", args: ["--write", "."] },
  screenshots: { build: everything, script: "scripts/screenshots.ts" },
  // What jest asks for before the first suite.
  setup: { build: (args) => (args.includes("--web") ? everything : programs) },
};

/** `npm test` with names of suites needs the page only when one of them may be a browser suite. */
function testsBrowser(args) {
  const named = args.filter((argument) => !argument.startsWith("-"));
  return named.length === 0 || named.some((name) => /browser|host/.test(name));
}

/** Builds what the command of the command line needs, and becomes that command. */
export async function runCommand(root) {
  const [name, ...given] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name ?? "") ? COMMANDS[name] : undefined;
  if (!command)
    throw new Error(`There is no command "${name}". Commands: ${Object.keys(COMMANDS).join(", ")}.`);
  const parts = typeof command.build === "function" ? command.build(given) : command.build;
  if (!(await buildParts(root, parts))) process.exitCode = 1;

  const file = command.script ?? command.program ?? (command.tool && `node_modules/${command.tool}`);
  if (!file) return;
  // A test or a release of what was built before would prove nothing.
  if (process.exitCode && name !== "check") return;
  // jest's own set-up need not look again.
  process.env.PROGRAMS_BUILT = "1";
  process.argv = [process.execPath, join(root, file), ...(command.args ?? []), ...given];
  if (command.program) return void (await import(pathToFileURL(process.argv[1]).href));
  const require = createRequire(import.meta.url);
  if (command.script) require("ts-node/register");
  require("node:module").runMain();
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runCommand(join(fileURLToPath(import.meta.url), "../../..")).catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
