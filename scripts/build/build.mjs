// Bundles the host, the instance and the components when their sources changed. Called before each command.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../lock.mjs";
import { writeAtomically } from "../write-atomically.mjs";
import { buildComponents } from "./components.mjs";

/** Every file below the folders, and what builds them, with size and time: cheap enough to run at each start. */
function fingerprint(root, folders) {
  const hash = createHash("sha256");
  const walk = (path) => {
    if (!existsSync(path)) return;
    const facts = statSync(path);
    if (facts.isDirectory()) {
      if (/(^|\/)(node_modules|dist)$/.test(path)) return;
      for (const name of readdirSync(path).sort()) walk(join(path, name));
      return;
    }
    hash.update(`${path}\0${facts.size}\0${facts.mtimeMs}\n`);
  };
  for (const folder of [...folders, "scripts/build", "package-lock.json"]) walk(join(root, folder));
  return hash.digest("hex");
}

const stampOf = (root, name) => join(root, ".cache", `build-${name}`);

/** Whether a part's outputs are there and its sources as they were at the last success. */
function isBuilt(root, name, { from, outputs }) {
  const stamp = stampOf(root, name);
  return (
    existsSync(stamp) &&
    outputs.every((file) => existsSync(join(root, file))) &&
    readFileSync(stamp, "utf8") === fingerprint(root, from)
  );
}

/** One ES-module bundle of our own sources; packages stay external. */
async function bundleProgram(root, entries, outdir) {
  const { build } = await import("esbuild");
  const result = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node22",
    format: "esm",
    sourcemap: true,
    write: false,
    logLevel: "warning",
  });
  for (const file of result.outputFiles) writeAtomically(file.path, file.contents);
}

/** What can be built: from which folders, what must be there afterwards, and how. */
const PARTS = {
  instance: {
    from: ["instance/src"],
    outputs: ["instance/dist/main.mjs"],
    make: (root) => bundleProgram(root, { main: "instance/src/main.ts" }, "instance/dist"),
  },
  host: {
    from: ["host/src", "components"],
    outputs: ["host/dist/main.mjs", "host/dist/worker.mjs", "host/dist/evaluator.mjs", "host/dist/mcp.mjs"],
    make: (root) =>
      bundleProgram(
        root,
        {
          main: "host/src/main.ts",
          worker: "host/src/execution/worker/main.ts",
          evaluator: "host/src/workflows/expressions/evaluator-process.ts",
          mcp: "host/src/mcp-stdio/main.ts",
        },
        "host/dist",
      ),
  },
  components: {
    from: ["common", "components", "apps", "actions", "sources"],
    outputs: ["dist"],
    make: buildComponents,
  },
  web: {
    from: ["host/web", "components/prop-rules", "components/filter"],
    outputs: ["host/web/dist/index.html"],
    make: async (root) => {
      const { build } = await import("vite");
      await build({ root: join(root, "host/web"), logLevel: "warn" });
    },
  },
};

/**
 * Builds the named parts whose sources changed, one command at a time: a second one waits and then finds everything built. A part
 * that does not build is reported and does not keep the others from being built; the result then is false.
 */
export async function buildParts(root, names) {
  const stale = () => names.filter((name) => !isBuilt(root, name, PARTS[name]));
  if (stale().length === 0) return true;
  return await withLock(join(root, ".cache", "build.lock"), async () => {
    let succeeded = true;
    for (const name of stale()) {
      const { from, make } = PARTS[name];
      const sources = fingerprint(root, from);
      try {
        await make(root);
        writeAtomically(stampOf(root, name), sources);
      } catch (error) {
        succeeded = false;
        console.error(error instanceof Error ? error.message : error);
      }
    }
    return succeeded;
  });
}
