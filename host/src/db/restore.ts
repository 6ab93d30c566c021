import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { extract } from "tar";
import { DATABASE_USER } from "./cluster";
import { clusterFolder, inFolder, writePassword, type ClusterFolder } from "./cluster-folder";
import { findPostgres, type PostgresPrograms } from "./postgres-programs";
import { runOffline } from "./offline-program";
import { serverUser } from "./server-user";

/**
 * Makes the embedded database of a data folder from a backup file: whole, or not at all.
 *
 * @returns the folder of the database.
 * @throws Error when the folder has a database already, or the file is no whole backup of this PostgreSQL version.
 */
export async function restore(dataDir: string, path: string): Promise<string> {
  const file = resolve(path);
  const cluster = clusterFolder(dataDir);
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  if (existsSync(cluster.folder))
    throw new Error(
      `${dataDir} has a database already. Stop its host and move ${cluster.folder} away, or restore into another DATA_DIR.`,
    );
  const uid = serverUser(cluster.data);
  const programs = findPostgres({ uid, ownFolder: dataDir });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const making = inFolder(mkdtempSync(`${cluster.folder}.restore-`));
  try {
    mkdirSync(making.data, { mode: 0o700 });
    await unpack(file, making, programs);
    bringUpToDate(making, programs, uid);
    renameSync(making.folder, cluster.folder);
  } catch (error) {
    rmSync(making.folder, { recursive: true, force: true });
    throw error;
  }
  return cluster.folder;
}

async function unpack(file: string, { data }: ClusterFolder, { version }: PostgresPrograms): Promise<void> {
  try {
    await pipeline(createReadStream(file), extract({ cwd: data, strict: true }));
  } catch (error) {
    throw new Error(`${file} is no whole backup: ${(error as Error).message}`, { cause: error });
  }
  if (!existsSync(join(data, "backup_label")) || !existsSync(join(data, "PG_VERSION")))
    throw new Error(`${file} is no backup of a host's database.`);
  const wrote = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  const major = version.split(".")[0];
  if (wrote !== major)
    throw new Error(
      `${file} was made by PostgreSQL ${wrote}, and this release brings PostgreSQL ${major}. Restore it with the release that made it.`,
    );
}

/** Replays the log that came with the copy, sets a new password and syncs all of it: PostgreSQL in its single-user mode, which takes no connections. */
function bringUpToDate(cluster: ClusterFolder, programs: PostgresPrograms, uid: number | undefined): void {
  const password = writePassword(cluster);
  try {
    runOffline(
      "postgres",
      ({ data }) => [
        "--single",
        ...["-D", data, "-c", "exit_on_error=true", "-c", "log_min_error_statement=panic"],
        "postgres",
      ],
      cluster,
      { programs, uid, input: `alter role ${DATABASE_USER} password '${password}'\n` },
    );
  } catch (error) {
    throw new Error(`The backup cannot be brought up to date: ${(error as Error).message}`, { cause: error });
  }
}
