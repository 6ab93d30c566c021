import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { componentFolders } from "../docs/registry-file";

const root = join(__dirname, "../..");
/** The reason stands in docs/decisions/compact-bundles-and-dynamic-fields.md. */
const MAX_KILOBYTES = 180;
const MAX_IMPORT_MS = 80;
/** Imports per figure; the middle one counts. */
const TRIES = 5;

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Milliseconds that a fresh process needs to import a component after the platform's package is loaded. */
function importMs(file: string): number {
  const code = `await import("@pipedream/platform"); const start = performance.now();
    await import(process.argv[1]); console.log(performance.now() - start);`;
  const times = Array.from({ length: TRIES }, () =>
    Number(
      execFileSync(process.execPath, ["--input-type=module", "-e", code, file], {
        cwd: root,
        encoding: "utf8",
      }),
    ),
  );
  return median(times);
}

/** Size of every built component without its externals, and the time to import the largest ones. */
export function bench(): Record<string, unknown> {
  const files = ["actions", "sources"].flatMap((part) =>
    componentFolders(root, part).map((name) => join(root, "dist", part, name, `${name}.mjs`)),
  );
  const sizes = files
    .map((file) => ({ file, kilobytes: statSync(file).size / 1024 }))
    .sort((a, b) => b.kilobytes - a.kilobytes);
  const largest = sizes.slice(0, 3).map(({ file, kilobytes }) => ({
    component: file.split("/").at(-2),
    kilobytes: Math.round(kilobytes),
    import_ms: Math.round(importMs(file)),
  }));
  const maxKilobytes = sizes[0]?.kilobytes ?? 0;
  const maxImport = Math.max(...largest.map(({ import_ms: ms }) => ms));
  return {
    components: files.length,
    median_kilobytes: Math.round(median(sizes.map(({ kilobytes }) => kilobytes))),
    max_kilobytes: Math.round(maxKilobytes),
    allowed_kilobytes: MAX_KILOBYTES,
    max_import_ms_beyond_platform: maxImport,
    allowed_import_ms: MAX_IMPORT_MS,
    within_limits: maxKilobytes <= MAX_KILOBYTES && maxImport <= MAX_IMPORT_MS,
    largest,
  };
}
