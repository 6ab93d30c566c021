import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Installs packages of Debian where this may be done (root, apt-get). @returns whether it was. */
export function installDebianPackages(names: string[], purpose: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.error(`Installing Debian's ${names[0] ?? ""} for ${purpose} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync("apt-get", ["update", "-qq"], { stdio: ["ignore", 2, 2], env });
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names], {
    stdio: ["ignore", 2, 2],
    env,
  });
  return true;
}
