import { readFileSync } from "node:fs";
import { join } from "node:path";

const HEADING = /^## (\S+) \((.+)\)$/m;

/** Where packages, the host's own version and the newest entry of CHANGELOG.md do not agree. */
export function versionProblems(root: string): string[] {
  const { version } = read(root, "package.json");
  const told: [place: string, version: string][] = [
    ["host/package.json", read(root, "host/package.json").version],
    ["instance/package.json", read(root, "instance/package.json").version],
    ["host/src/version.ts", /"([^"]+)"/.exec(text(root, "host/src/version.ts"))?.[1] ?? "none"],
    ["the newest entry of CHANGELOG.md", HEADING.exec(text(root, "CHANGELOG.md"))?.[1] ?? "none"],
  ];
  return told
    .filter(([, other]) => other !== version)
    .map(([place, other]) => `${place} has version ${other}, and package.json ${version}`);
}

/** What is missing for a release: the newest entry of the changelog must have its day. */
export function releaseProblems(root: string): string[] {
  const [, version = "", date = ""] = HEADING.exec(text(root, "CHANGELOG.md")) ?? [];
  return /^\d{4}-\d{2}-\d{2}$/.test(date)
    ? []
    : [
        `CHANGELOG.md says "${version} (${date})". A release has its day there, such as "${version} (2026-01-31)".`,
      ];
}

function text(root: string, path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function read(root: string, path: string): { version: string } {
  return JSON.parse(text(root, path)) as { version: string };
}
