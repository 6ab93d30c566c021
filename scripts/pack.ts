import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { releaseProblems, versionProblems } from "./check/versions";
import { stageLibrary } from "./pack/library";
import { stageHost, stageInstance } from "./pack/programs";
import { root, type Stage } from "./pack/stage";

/**
 * `npm run pack`: the three packages as tarballs in `release/` (`--out DIR`); prints their paths as JSON. With `--publish` they are then published
 * with provenance, once versions and changelog say that this is a release; `--dry-run` does all of it but the last step.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: "string" }, publish: { type: "boolean" }, "dry-run": { type: "boolean" } },
  });
  const problems = [...versionProblems(root), ...(values.publish ? releaseProblems(root) : [])];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const out = resolve(values.out ?? join(root, "release"));
  mkdirSync(out, { recursive: true });
  const stages = [
    await stageLibrary(join(out, "servicenow-components")),
    await stageHost(join(out, "host")),
    await stageInstance(join(out, "instance")),
  ];
  const tarballs = stages.map((stage) => pack(stage, out));
  for (const { folder } of stages) rmSync(folder, { recursive: true });
  if (values.publish) for (const tarball of tarballs) publish(tarball, values["dry-run"] === true);
  console.log(JSON.stringify({ tarballs }));
}

function pack({ folder }: Stage, out: string): string {
  const printed = npm("pack", folder, "--pack-destination", out, "--json", "--ignore-scripts");
  const [{ filename } = { filename: "" }] = JSON.parse(printed) as { filename: string }[];
  return join(out, filename);
}

function publish(tarball: string, dryRun: boolean): void {
  npm("publish", tarball, "--access", "public", ...(dryRun ? ["--dry-run"] : ["--provenance"]));
}

function npm(...args: string[]): string {
  return execFileSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
