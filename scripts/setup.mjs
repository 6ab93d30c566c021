// Makes a fresh clone runnable and does nothing when nothing changed. Plain JavaScript: it runs before anything is installed.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** Whether node_modules holds what the lock file names, compiled for this Node.js. npm keeps its own list of what it installed. */
function isInstalled() {
  try {
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
    const installed = JSON.parse(readFileSync("node_modules/.package-lock.json", "utf8")).packages;
    const complete = Object.entries(packages).every(
      ([path, wanted]) =>
        !path.startsWith("node_modules/") ||
        wanted.link ||
        wanted.optional ||
        wanted.peer ||
        installed[path]?.version === wanted.version,
    );
    return complete && readFileSync(stamp, "utf8") === process.version;
  } catch {
    return false;
  }
}

const stamp = join(root, "node_modules", ".setup-stamp");
if (!isInstalled()) {
  console.error(
    "Installing packages (once; the database driver is compiled, which can take two minutes) ...",
  );
  // Two installations at once would delete each other's files; the second finds the work done.
  const lock = join(root, ".cache", "install.lock");
  mkdirSync(dirname(lock), { recursive: true });
  const holder = () => {
    try {
      process.kill(Number(readFileSync(lock, "utf8")), 0);
      return true;
    } catch {
      return false;
    }
  };
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch {
      if (holder()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
      else rmSync(lock, { force: true });
    }
  }
  try {
    if (!isInstalled()) run("npm", ["ci", "--no-audit", "--no-fund"]);
  } catch {
    console.error(
      "npm ci failed. What npm said stands above; a compiler (g++, make, python3) and the npm registry must be reachable.",
    );
    rmSync(lock, { force: true });
    process.exit(1);
  }
  writeFileSync(stamp, process.version);
  rmSync(lock, { force: true });
}
mkdirSync(join(root, ".cache"), { recursive: true });

if (!process.argv.includes("--install-only")) {
  const { buildAll, withBuildLock } = await import("./build/build.mjs");
  await withBuildLock(root, () =>
    buildAll(root, {
      web: process.argv.includes("--web"),
      components: !process.argv.includes("--no-components"),
    }),
  );
}
