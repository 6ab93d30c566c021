import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export type Manifest = Record<string, unknown>;

/** The repository's folder. */
export const root = join(__dirname, "../..");

/** A folder from which one package is packed. */
export class Stage {
  constructor(readonly folder: string) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Copies a file or folder of the repository, without source maps, which name files that are not in the package. */
  copy(from: string, to = from): void {
    const source = join(root, from);
    if (!existsSync(source)) throw new Error(`${from} is not built. npm run pack builds it.`);
    mkdirSync(dirname(join(this.folder, to)), { recursive: true });
    cpSync(source, join(this.folder, to), {
      recursive: true,
      filter: (path) => !path.endsWith(".map"),
    });
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  writeManifest(manifest: Manifest): void {
    this.write("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

export function manifestOf(path: string): Manifest {
  return JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
}

/** What the packages have in common. */
export function commonManifest(): Manifest {
  const { version, license, repository, bugs, homepage, engines } = manifestOf("package.json");
  return {
    version,
    license,
    ...(repository ? { repository } : {}),
    ...(bugs ? { bugs } : {}),
    ...(homepage ? { homepage } : {}),
    engines,
    publishConfig: { access: "public" },
  };
}
