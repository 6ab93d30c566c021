#!/usr/bin/env node
// The command of the package @servicenow-components/host. Each sub-command is a program of its own in this package.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const COMMANDS = {
  start: ["host/dist/main.mjs"],
  worker: ["host/dist/main.mjs", "--worker"],
  dev: ["host/dist/main.mjs"],
  component: ["scripts/component.mjs"],
  test: ["scripts/component-test.mjs"],
  workflow: ["scripts/workflow.mjs"],
  mcp: ["host/dist/mcp.mjs"],
  backup: ["scripts/backup.mjs"],
  restore: ["scripts/restore.mjs"],
  "sign-in": ["scripts/sign-in.mjs"],
};

const USAGE = `Usage: servicenow-components-host COMMAND [ARGUMENT …]

  start      the host and its page (--port N; DATA_DIR, DATABASE_URL and further settings as in docs/host.md)
  worker     one more worker for the same DATABASE_URL
  dev        the host with the components of folders that are being written, whose files it follows: dev FOLDER …
  component  one action, or one poll of a source: component KEY --auth JSON --props JSON
  test       a component's cases and the rules of the registry, for CI: test FILE … [--cases FILE] [--json]
  workflow   validate, apply, export or run workflow files
  mcp        the actions as tools of an agent, over stdin and stdout: mcp --token-file FILE
  backup     copies the embedded database of DATA_DIR to a file
  restore    makes the embedded database of DATA_DIR from such a file
  sign-in    a new one-time link that signs a browser in to the page`;

const [name, ...given] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name ?? "") ? COMMANDS[name] : undefined;
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(`Node.js 22.13 or newer is needed, and this is ${process.version}.`);
  process.exitCode = 1;
} else if (!command) {
  const wantsHelp = name === "--help" || name === "-h";
  console[wantsHelp ? "log" : "error"](USAGE);
  process.exitCode = wantsHelp ? 0 : 1;
} else {
  // The components stand in the package of that name; what is found there is remembered outside of any package.
  process.env.COMPONENTS_DIR ??= dirname(
    createRequire(import.meta.url).resolve("servicenow-components/package.json"),
  );
  process.env.COMPONENTS_CACHE ??= join(
    process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
    "servicenow-components",
  );
  if (name === "dev") followFolders(given);
  const [file, ...before] = command;
  const path = join(folder, file);
  if (!existsSync(path)) throw new Error(`The package is not whole: ${path} is missing. Install it again.`);
  process.argv = [process.execPath, path, ...before, ...given];
  await import(pathToFileURL(path).href);
}

/** Takes the folders out of the arguments: the host finds them in its settings. */
function followFolders(args) {
  const folders = args.filter((arg, at) => !arg.startsWith("-") && args[at - 1] !== "--port");
  const wrong = folders.find((path) => !existsSync(path));
  if (folders.length === 0 || wrong !== undefined) {
    console.error(wrong === undefined ? "dev takes a folder of components." : `There is no folder ${wrong}.`);
    process.exit(1);
  }
  for (const path of folders) args.splice(args.indexOf(path), 1);
  process.env.COMPONENT_PACKAGES = [...folders.map((path) => resolve(path)), process.env.COMPONENT_PACKAGES]
    .filter(Boolean)
    .join(delimiter);
  process.env.FOLLOW_PACKAGES = "on";
}
