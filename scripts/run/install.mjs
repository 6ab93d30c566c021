import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../lock.mjs";

/** Installs what package-lock.json names and node_modules lacks. Throws what to do when npm fails. */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return;
  await withLock(join(root, ".cache", "install.lock"), () => {
    if (isInstalled(root)) return;
    console.error("Installing packages (once, about a minute) ...");
    if (npm(["ci", "--prefer-offline", "--no-audit", "--no-fund"]).status !== 0)
      throw new Error(
        "npm ci failed; npm's own words stand above. The npm registry must be reachable, or its packages in npm's cache.",
      );
    writeFileSync(stamp(root), JSON.stringify({ lock: lockHash(root), absent: missing(root) }));
  });
}

/** Runs the npm that runs us. Its output goes to stderr, since stdout belongs to the command that comes after. */
function npm(args) {
  const options = { stdio: ["ignore", 2, 2], env: { ...process.env, npm_config_loglevel: "error" } };
  const script = process.env.npm_execpath;
  return script?.endsWith(".js")
    ? spawnSync(process.execPath, [script, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

const stamp = (root) => join(root, "node_modules", ".install-stamp");
const lockHash = (root) =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");

function isInstalled(root) {
  try {
    const lacking = missing(root);
    if (lacking.length === 0) return true;
    // npm leaves out an optional package that it cannot install. It is not asked again until something else changes.
    const { lock, absent } = JSON.parse(readFileSync(stamp(root), "utf8"));
    return lock === lockHash(root) && lacking.every((path) => absent.includes(path));
  } catch {
    return false;
  }
}

/** The packages for this platform that npm's own list of what it installed does not have in the wanted version. */
function missing(root) {
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(join(root, "node_modules/.package-lock.json"), "utf8")).packages;
  return Object.entries(wanted)
    .filter(([path, entry]) => path.includes("node_modules/") && !entry.link && isExpected(entry))
    .filter(([path, entry]) => installed[path]?.version !== entry.version)
    .map(([path]) => path);
}

/** An optional package is expected where it names this platform. Those that name none belong to others that may be left out. */
function isExpected({ optional, os, cpu, libc }) {
  if (optional && !os && !cpu) return false;
  return (
    allows(os, process.platform) &&
    allows(cpu, process.arch) &&
    (!libc || process.platform !== "linux" || allows(libc, libcName()))
  );
}

/** npm's rule: a list of names, of which those with `!` exclude. */
function allows(list, name) {
  if (!list) return true;
  const names = [list].flat();
  if (names.includes(`!${name}`)) return false;
  const included = names.filter((each) => !each.startsWith("!"));
  return included.length === 0 || included.includes(name);
}

let libcFamily;
function libcName() {
  if (libcFamily) return libcFamily;
  process.report.excludeNetwork = true;
  return (libcFamily = process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl");
}
