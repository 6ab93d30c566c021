// `node scripts/run.mjs COMMAND [ARGUMENT …]` is behind every npm script. It installs what is missing, finds a Node.js that runs the
// project and starts the command with it. Plain JavaScript for Node.js 20.19: it runs before anything is installed.
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./run/install.mjs";
import { findNode, isOldestSupported, whichNodeToInstall } from "./run/node.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function main() {
  process.chdir(root);
  if (!isOldestSupported(process.versions.node)) return complain(whichNodeToInstall());
  await ensureInstalled(root);
  const node = findNode(root);
  if (!node) return complain(whichNodeToInstall());
  if (node === process.execPath) return await (await import("./run/command.mjs")).runCommand(root);
  startWith(node);
}

/** Starts the same command under another Node.js and ends as that one ends. */
function startWith(node) {
  const child = spawn(node, [join(root, "scripts/run/command.mjs"), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` },
  });
  child.once("error", (error) =>
    complain(`${node} does not start (${error.message}). ${whichNodeToInstall()}`),
  );
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    // A terminal sends Ctrl-C to the child itself.
    process.on(signal, () => (signal !== "SIGINT" || !process.stdin.isTTY ? child.kill(signal) : undefined));
  child.once("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function complain(message) {
  console.error(message);
  process.exitCode = 1;
}

await main().catch((error) => complain(error instanceof Error ? error.message : String(error)));
