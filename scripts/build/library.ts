import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "../..");
const dist = join(root, "dist");

/** Writes declaration files of the client library below `dist/types`. Returns the compiler's complaints. */
function emitDeclarations(): string[] {
  const entry = join(root, "common/index.ts");
  rmSync(join(dist, "types"), { recursive: true, force: true });
  const program = ts.createProgram([entry], {
    declaration: true,
    emitDeclarationOnly: true,
    outDir: join(dist, "types"),
    rootDir: join(root, "common"),
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    // As the repository itself is checked: under other rules a type may be inferred otherwise, or not at all.
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    types: ["node"],
  });
  const { diagnostics } = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...diagnostics]
    .filter(({ category }) => category === ts.DiagnosticCategory.Error)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

/** A file's relative imports with the extension that Node's own resolution asks for. */
function withExtensions(file: string): string {
  const resolve = (specifier: string) => {
    const target = join(dirname(file), specifier);
    return existsSync(join(target, "index.d.ts")) ? `${specifier}/index.js` : `${specifier}.js`;
  };
  return readFileSync(file, "utf8").replace(
    /((?:from|import)\s*\(?\s*)(["'])(\.[^"']*)\2/g,
    (_all, before: string, quote: string, specifier: string) =>
      `${before}${quote}${resolve(specifier)}${quote}`,
  );
}

function declarationFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return declarationFiles(path);
    return path.endsWith(".d.ts") ? [path] : [];
  });
}

/** The manifest with which `dist/` can be published: the client as a library, the components as files. */
function manifest(): Record<string, unknown> {
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, unknown>;
  const { name, version, description, license } = own;
  const dependencies = own.dependencies as Record<string, string>;
  return {
    name,
    version,
    description,
    license,
    // The platform runs components on Node.js 20; only what runs on one's own machine needs a newer one.
    engines: { node: ">=20" },
    type: "module",
    main: "./index.mjs",
    types: "./types/index.d.ts",
    exports: {
      ".": { types: "./types/index.d.ts", default: "./index.mjs" },
      "./polling": "./polling.mjs",
      "./apps/*": "./apps/*",
      "./actions/*": "./actions/*",
      "./sources/*": "./sources/*",
      "./package.json": "./package.json",
    },
    // Imported by the components, so that any host can run the installed package; the client alone never loads it.
    dependencies: { "@pipedream/platform": dependencies["@pipedream/platform"] },
  };
}

/** Completes `dist/` after the bundles were made: declaration files and the package manifest. Returns the compiler's complaints. */
export function completeLibrary(): string[] {
  mkdirSync(dist, { recursive: true });
  const problems = emitDeclarations();
  if (problems.length > 0) return problems;
  for (const file of declarationFiles(join(dist, "types"))) writeFileSync(file, withExtensions(file));
  writeFileSync(join(dist, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  for (const name of ["LICENSE", "NOTICE.md"])
    if (existsSync(join(root, name))) writeFileSync(join(dist, name), readFileSync(join(root, name)));
  return [];
}
