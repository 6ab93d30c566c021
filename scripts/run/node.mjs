import { existsSync } from "node:fs";
import { join } from "node:path";

/** The first Node.js whose `node:sqlite` needs no flag. `engines` in package.json says the same. */
const NEEDED = [22, 13];
/** The oldest one that can install the packages, the project's own Node.js among them. */
const OLDEST = [20, 19];

const atLeast = (version, [major, minor]) => {
  const [ownMajor, ownMinor] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
};

export const isOldestSupported = (version) => atLeast(version, OLDEST);

/**
 * The Node.js to run with: the one that runs now where it is new enough, else the one that npm installed for this platform as an
 * optional package. Undefined where there is none, such as on a Mac with Apple silicon.
 */
export function findNode(root) {
  if (atLeast(process.versions.node, NEEDED)) return process.execPath;
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = process.platform === "win32" ? "node.exe" : "node";
  const binary = join(root, "node_modules", `node-${platform}-${process.arch}`, "bin", name);
  return existsSync(binary) ? binary : undefined;
}

export const whichNodeToInstall = () =>
  `This is Node.js ${process.version}. Install Node.js 24 (https://nodejs.org/en/download, or \`nvm install 24\`) and run the command again; ${NEEDED.join(".")} is the oldest that works.`;
