// Makes a fresh clone runnable and does nothing when nothing changed. Plain JavaScript: it runs before anything is installed.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `This project needs Node.js 20.19 or newer; this is ${process.version}. Install a newer Node.js and try again.`,
  );
  process.exit(1);
}

/** Runs a command with its output on stderr, since stdout belongs to the command that comes after. */
const run = (command, args) =>
  execFileSync(command, args, {
    stdio: ["ignore", 2, 2],
    env: { ...process.env, npm_config_loglevel: "error" },
  });

const stamp = join(root, "node_modules", ".setup-stamp");
const wanted = createHash("sha256")
  .update(readFileSync("package-lock.json"))
  .update(process.version)
  .digest("hex");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  console.error(
    "Installing packages (once; the database driver is compiled, which can take two minutes) ...",
  );
  try {
    run("npm", ["ci", "--no-audit", "--no-fund"]);
  } catch {
    console.error(
      "npm ci failed. What npm said stands above; a compiler (g++, make, python3) and the npm registry must be reachable.",
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
mkdirSync(join(root, ".cache"), { recursive: true });

if (!process.argv.includes("--install-only")) {
  const { buildAll } = await import("./build/build.mjs");
  await buildAll(root, {
    web: process.argv.includes("--web"),
    components: !process.argv.includes("--no-components"),
  });
}
