import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const root = join(__dirname, "../..");

export interface Installed {
  folder: string;
  tarballs: string[];
  remove(): void;
}

/**
 * Packs the packages and unpacks them into an empty folder outside of the repository. Beside them stand the packages that their package.json
 * declares and nothing else, so that an import of anything undeclared, or of the repository, fails as it would elsewhere.
 */
export function installPacked(): Installed {
  const folder = mkdtempSync(join(tmpdir(), "installed-"));
  const out = join(folder, "tarballs");
  const printed = execFileSync(process.execPath, ["scripts/run.mjs", "pack", "--out", out], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { tarballs } = JSON.parse(printed) as { tarballs: string[] };
  const modules = join(folder, "node_modules");
  for (const [at, name] of PACKAGES.entries()) {
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    execFileSync("tar", ["-xzf", tarballs[at] ?? "", "-C", target, "--strip-components=1"]);
  }
  // A component's process may read its own packages and what stands beside them, and nothing that a link leads to.
  copyWithDependencies("@pipedream/platform", modules);
  for (const name of PACKAGES) linkDependencies(join(modules, name), modules);
  return { folder, tarballs, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const PACKAGES = ["servicenow-components", "@servicenow-components/host", "@servicenow-components/instance"];

function linkDependencies(packageFolder: string, modules: string): void {
  const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
    optionalDependencies?: Record<string, string>;
  };
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    const link = join(modules, name);
    const source = [join(root, "host/node_modules", name), join(root, "node_modules", name)].find(existsSync);
    if (existsSync(link) || !source) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(source, link);
  }
}

function copyWithDependencies(name: string, modules: string): void {
  const source = join(root, "node_modules", name);
  const target = join(modules, name);
  if (existsSync(target) || !existsSync(source)) return;
  cpSync(source, target, { recursive: true });
  const { dependencies = {} } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  for (const dependency of Object.keys(dependencies)) copyWithDependencies(dependency, modules);
}
