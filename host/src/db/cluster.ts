import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { inFolder, writePassword, type ClusterFolder } from "./cluster-folder";
import type { PostgresPrograms } from "./postgres-programs";
import { runOffline } from "./offline-program";

/** The superuser of the embedded server. */
export const DATABASE_USER = "host";

/** The folder of the embedded database of earlier releases (PGlite), when there is one. Its data are left alone. */
export function formerDatabase(dataDir: string): string | undefined {
  const folder = join(dataDir, "database");
  return existsSync(join(folder, "PG_VERSION")) ? folder : undefined;
}

/**
 * Makes the cluster unless it is there: whole, or not at all when the process ends meanwhile.
 *
 * @throws Error when the folder holds the data of another major version, or `initdb` fails.
 */
export function ensureCluster(cluster: ClusterFolder, programs: PostgresPrograms, uid?: number): void {
  if (existsSync(cluster.data)) {
    const major = programs.version.split(".")[0];
    const found = readFileSync(join(cluster.data, "PG_VERSION"), "utf8").trim();
    if (found === major) return;
    throw new Error(
      `${cluster.folder} holds data of PostgreSQL ${found}, and this release brings PostgreSQL ${major}. Make a backup with the release that wrote it, or start with another DATA_DIR.`,
    );
  }
  mkdirSync(dirname(cluster.folder), { recursive: true, mode: 0o700 });
  const making = inFolder(mkdtempSync(`${cluster.folder}.new-`));
  try {
    initialize(making, programs, uid);
    renameSync(making.folder, cluster.folder);
    syncFolder(dirname(cluster.folder));
  } catch (error) {
    rmSync(making.folder, { recursive: true, force: true });
    // A second host on the same folder may have been first; its lock decides which one goes on.
    if (!existsSync(cluster.data)) throw error;
  }
}

function initialize(cluster: ClusterFolder, programs: PostgresPrograms, uid?: number): void {
  mkdirSync(cluster.data, { mode: 0o700 });
  writePassword(cluster);
  try {
    runOffline(
      "initdb",
      ({ data, passwordFile }) => [
        `--pgdata=${data}`,
        `--pwfile=${passwordFile}`,
        `--username=${DATABASE_USER}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        // One call for the whole file system in place of a thousand, one for each file.
        ...(process.platform === "linux" ? ["--sync-method=syncfs"] : []),
      ],
      cluster,
      { programs, uid },
    );
  } catch (error) {
    throw new Error(
      `The embedded database could not be made in ${cluster.folder}: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

/** Removes what hosts that were killed while they made the database have left. For the holder of the folder's lock. */
export function removeUnfinished({ folder }: ClusterFolder): void {
  for (const name of readdirSync(dirname(folder)))
    if (name.startsWith(`${basename(folder)}.new-`))
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
