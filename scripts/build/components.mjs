// Builds every component into one ES module, as the registry's build does, and then flattens it: the file ends with a literal
// `export default { … }`, because the registry's lint rules and its index read the object without running it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { writeAtomically } from "../write-atomically.mjs";
import { flatten } from "./flatten.mjs";

/** How bundles become files is part of what a file was made from. */
const OWN_CODE = [
  readFileSync(new URL("./flatten.mjs", import.meta.url)),
  readFileSync(new URL(import.meta.url)),
];

/** The components below a folder: `actions/<name>/<name>.ts` and nothing else, so that helpers may stand beside them. */
function entriesOf(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .filter((name) => existsSync(join(root, folder, name, `${name}.ts`)))
    .sort()
    .map((name) => [`${folder}/${name}/${name}`, `${folder}/${name}/${name}.ts`]);
}

/** The app files and all components, as [path in dist without extension, source file]. */
function componentEntries(root) {
  const apps = existsSync(join(root, "apps"))
    ? readdirSync(join(root, "apps")).filter((name) => name.endsWith(".app.ts"))
    : [];
  return [
    ...apps.map((name) => [`apps/${name.slice(0, -3)}`, `apps/${name}`]),
    ...entriesOf(root, "actions"),
    ...entriesOf(root, "sources"),
  ];
}

/** Our own modules only define things: what a component does not use, packages included, stays out of its bundle. */
const withoutSideEffects = {
  name: "without-side-effects",
  setup(build) {
    build.onResolve({ filter: /^\./ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === "resolved") return undefined;
      const found = await build.resolve(path, { resolveDir, kind, pluginData: "resolved" });
      return found.errors.length > 0 ? found : { ...found, sideEffects: false };
    });
  },
};

/** How accounts are connected is read from the app's own file; in the bundle of an action or a source it would be dead weight. */
const withoutConnection = {
  name: "without-connection",
  setup(build) {
    build.onResolve({ filter: /\/connection$/ }, ({ importer }) =>
      importer.endsWith(".app.ts") ? { path: "connection", namespace: "left-out" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({
      contents: "export const connection = undefined;",
    }));
  },
};

/** One bundle per entry. Only the platform's own package stays an import: everything else a component needs is inside it. */
async function bundle(root, entryPoints, plugins) {
  const { build } = await import("esbuild");
  const result = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entryPoints),
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    external: ["@pipedream/platform"],
    platform: "node",
    target: "node20",
    format: "esm",
    charset: "utf8",
    legalComments: "none",
    plugins,
    write: false,
    logLevel: "warning",
  });
  return result.outputFiles;
}

/** The built file: what the component needs in compact form, the component itself as it was written. */
async function componentFile({ code, object }) {
  const { transform } = await import("esbuild");
  // Without its imports the code is a script to esbuild, whose top-level names stay: the object refers to them, and stack traces are read.
  const imports = [];
  const script = code.replace(/^import\s[^;]*?\sfrom "[^"]+";$/gm, (statement) => {
    imports.push(statement.replace(/\s+/g, " "));
    return "";
  });
  const compact = await transform(script, {
    minify: true,
    charset: "utf8",
    target: "node20",
    legalComments: "none",
  });
  return `${[...imports, compact.code.trim()].join("\n")}\n\nexport default ${object};\n`;
}

/** Removes what an earlier build left of components that are gone. */
function removeStale(root, kept) {
  const walk = (folder) => {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (path.endsWith(".mjs") && !kept.has(path)) rmSync(path);
    }
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
  };
  for (const part of ["apps", "actions", "sources"]) walk(join(root, "dist", part));
}

/** Which bundle each file in `dist/` was made from: a change touches few bundles, and the others need not be taken apart again. */
class BuildRecord {
  #path;
  #before = {};
  #now = {};

  constructor(root) {
    this.#path = join(root, ".cache", "component-bundles.json");
    try {
      this.#before = JSON.parse(readFileSync(this.#path, "utf8"));
    } catch {
      // No record yet, or one that was cut off: everything is made again.
    }
  }

  /** True when the file is there and was made from this very bundle. */
  isCurrent(file, bundled) {
    const hash = createHash("sha256");
    for (const part of [...OWN_CODE, bundled]) hash.update(part);
    this.#now[file] = hash.digest("base64url");
    return this.#before[file] === this.#now[file] && existsSync(file);
  }

  forget(file) {
    delete this.#now[file];
  }

  save() {
    writeAtomically(this.#path, JSON.stringify(this.#now));
  }
}

/** Builds `dist/`: the apps, actions and sources, and the client as a library (`dist/index.mjs`) and what polling sources are made of (`dist/polling.mjs`). */
export async function buildComponents(root) {
  const components = componentEntries(root);
  const library = existsSync(join(root, "common/index.ts"))
    ? [
        ["index", "common/index.ts"],
        ["polling", "sources/common/polling.ts"],
      ]
    : [];
  if (components.length + library.length === 0) return;
  const isApp = ([path]) => path.startsWith("apps/");
  const files = [
    ...(await bundle(root, [...components.filter(isApp), ...library], [withoutSideEffects])),
    ...(await bundle(
      root,
      components.filter((entry) => !isApp(entry)),
      [withoutConnection, withoutSideEffects],
    )),
  ];
  const record = new BuildRecord(root);
  const kept = new Set();
  const problems = [];
  for (const { path, text } of files) {
    kept.add(path);
    if (record.isCurrent(path, text)) continue;
    const isComponent = dirname(path) !== join(root, "dist");
    try {
      writeAtomically(path, isComponent ? await componentFile(flatten(text, relative(root, path))) : text);
    } catch (error) {
      // The others are built all the same.
      record.forget(path);
      problems.push(error.message);
    }
  }
  record.save();
  removeStale(root, kept);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
