import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  dev?: boolean;
  hasInstallScript?: boolean;
}

const PIPEDREAM = "Pipedream Source Available License 1.0";

/** Packages whose package.json names no SPDX licence, and where NOTICE.md says what holds. */
export const KNOWN_LICENCES: Record<string, string> = {
  "@modelcontextprotocol/inspector-cli": "Apache-2.0 and MIT; used by tests only",
  "@pipedream/gitlab": PIPEDREAM,
  "@pipedream/microsoft_outlook": PIPEDREAM,
  "@pipedream/monday": PIPEDREAM,
  "@pipedream/notion": PIPEDREAM,
  "@pipedream/platform": PIPEDREAM,
  "@pipedream/postgresql": PIPEDREAM,
  "@pipedream/sdk": PIPEDREAM,
  "@pipedream/sftp": PIPEDREAM,
  "@pipedream/shopify": PIPEDREAM,
  "@pipedream/slack": PIPEDREAM,
  buildcheck: "MIT",
  "cpu-features": "MIT",
  ssh2: "MIT",
  "windmill-client": "Apache-2.0",
  "windmill-parser-wasm-ts": "not stated by its author; used by tests only",
};

/** The packages of the lock file, links to our own left out. */
export function lockedPackages(
  root: string,
): { name: string; version: string; licence: string; isForDevelopment: boolean }[] {
  const { packages } = readLock(root);
  return Object.entries(packages).flatMap(([path, { version = "", license, link, dev }]) => {
    if (!path.includes("node_modules/") || link) return [];
    const name = nameOf(path);
    const licence = KNOWN_LICENCES[name] ?? license ?? "none";
    return [{ name, version, licence, isForDevelopment: dev === true }];
  });
}

/** From its path in the lock file. */
export const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

export function readLock(root: string): { lockfileVersion: number; packages: Record<string, Locked> } {
  return JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    lockfileVersion: number;
    packages: Record<string, Locked>;
  };
}
