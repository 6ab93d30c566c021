import { existsSync, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { parseArgs } from "node:util";

const USAGE = `Usage: npm run dev -- FOLDER …

  Starts instance, host and page with the components of FOLDER, and follows its files: what is saved is used by the next run, the page
  shows its form anew, and errors are told here and on the page with file and line.`;

/** `npm run dev`: `npm start` with a package that is being written. */
function main(): void {
  const { positionals } = parseArgs({ args: process.argv.slice(2), allowPositionals: true });
  const wrong = positionals.find((path) => !existsSync(path) || !statSync(path).isDirectory());
  if (positionals.length === 0 || wrong !== undefined) {
    console.error(wrong === undefined ? USAGE : `${wrong} is no folder.\n\n${USAGE}`);
    process.exitCode = 1;
    return;
  }
  const folders = positionals.map((path) => resolve(path));
  process.env.COMPONENT_PACKAGES = [...folders, process.env.COMPONENT_PACKAGES]
    .filter(Boolean)
    .join(delimiter);
  process.env.FOLLOW_PACKAGES = "on";
  void import("./start");
}

main();
