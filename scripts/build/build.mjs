// Bundles the host, the instance and the components when their sources changed. Used by setup.mjs and by `npm run build`.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** Every file below the folders, with its size and time: cheap enough to run at each start. */
function fingerprint(root, folders) {
  const hash = createHash("sha256").update(process.version);
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
  for (const folder of folders) walk(join(root, folder));
  return hash.digest("hex");
}

/** Runs `make` unless the folders are as they were at the last success. */
async function whenChanged(root, name, folders, outputs, make) {
  const stamp = join(root, ".cache", `build-${name}`);
  const now = fingerprint(root, [...folders, "scripts/build", "package-lock.json"]);
  if (
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === now &&
    outputs.every((file) => existsSync(join(root, file)))
  )
    return;
  await make();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

/** Writes through a rename, so that a process that starts meanwhile never reads half a file. */
export function writeAtomically(file, contents) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, file);
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
    target: "node20",
    format: "esm",
    sourcemap: true,
    write: false,
    logLevel: "warning",
  });
  for (const file of result.outputFiles) writeAtomically(file.path, file.contents);
}

/** One build at a time: a second one waits and then finds everything built. A lock that outlived its process is taken over. */
export async function withBuildLock(root, work) {
  const lock = join(root, ".cache", "build.lock");
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!isAlive(lock)) rmSync(lock, { force: true });
      else await new Promise((done) => setTimeout(done, 100));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(lock) {
  try {
    const owner = Number(readFileSync(lock, "utf8"));
    if (!(owner > 0)) return Date.now() - statSync(lock).mtimeMs < 1000;
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

export async function buildAll(root, { web, components }) {
  const parts = [
    () =>
      whenChanged(root, "instance", ["instance/src"], ["instance/dist/main.mjs"], () =>
        bundleProgram(root, { main: "instance/src/main.ts" }, "instance/dist"),
      ),
    () =>
      whenChanged(
        root,
        "host",
        ["host/src", "components"],
        ["host/dist/main.mjs", "host/dist/worker.mjs"],
        () =>
          bundleProgram(
            root,
            { main: "host/src/main.ts", worker: "host/src/runtime/worker/main.ts" },
            "host/dist",
          ),
      ),
  ];
  if (components)
    parts.push(() =>
      whenChanged(
        root,
        "components",
        ["common", "components", "apps", "actions", "sources"],
        ["dist"],
        async () => (await import("./components.mjs")).buildComponents(root),
      ),
    );
  if (web)
    parts.push(() =>
      whenChanged(root, "web", ["host/web"], ["host/web/dist/index.html"], async () => {
        const { build } = await import("vite");
        await build({ root: join(root, "host/web"), logLevel: "warn" });
      }),
    );

  // A part that does not build is reported, and does not keep the others from being built.
  let failed = false;
  for (const part of parts) {
    try {
      await part();
    } catch (error) {
      failed = true;
      console.error(error instanceof Error ? error.message : error);
    }
  }
  if (failed) process.exitCode = 1;
}
