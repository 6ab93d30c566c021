import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
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
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { PostgresPrograms } from "./postgres-programs";
import { giveTo, hasName, namedUser } from "./server-user";

/** The superuser of the embedded server. */
export const DATABASE_USER = "host";

/** The embedded server's folder in `DATA_DIR`: its data, which belong to the server's user, and the password, which is the host's. */
export interface ClusterFolder {
  folder: string;
  data: string;
  passwordFile: string;
}

export function clusterFolder(dataDir: string): ClusterFolder {
  return inFolder(join(dataDir, "postgres"));
}

export function inFolder(folder: string): ClusterFolder {
  return { folder, data: join(folder, "data"), passwordFile: join(folder, "password") };
}

export function readPassword({ passwordFile }: ClusterFolder): string {
  return readFileSync(passwordFile, "utf8").trim();
}

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
  const password = randomBytes(24).toString("base64url");
  writeFileSync(cluster.passwordFile, password, { mode: 0o600, flush: true });
  const maker = uid === undefined ? undefined : (namedUser() ?? uid);
  if (maker !== undefined) for (const path of [cluster.data, cluster.passwordFile]) giveTo(maker, path);
  const passwordFd = openSync(cluster.passwordFile, "r");
  // The server's user may not enter the folders above; the working folder and an open file need no way to them.
  const [data, passwordFile] =
    process.platform === "linux"
      ? ["/proc/self/cwd", "/proc/self/fd/3"]
      : [cluster.data, cluster.passwordFile];
  const [command = "", ...args] = [
    ...withName(maker),
    join(programs.home, "bin", "initdb"),
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
  ];
  try {
    execFileSync(command, args, {
      ...(maker === undefined ? {} : { uid: maker, gid: maker }),
      cwd: cluster.data,
      env: { PATH: process.env.PATH, TZ: "UTC" },
      stdio: ["ignore", "ignore", "pipe", passwordFd],
    });
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim();
    throw new Error(`The embedded database could not be made in ${cluster.folder}: ${said || String(error)}`);
  } finally {
    closeSync(passwordFd);
  }
  if (uid === undefined) return;
  giveTo(uid, cluster.data);
  giveTo(0, cluster.passwordFile);
}

/** A command to put before `initdb` where its user has no name: a user namespace in which it has nobody's. */
function withName(maker: number | undefined): string[] {
  const uid = maker ?? process.getuid?.();
  if (process.platform !== "linux" || uid === undefined || hasName(uid)) return [];
  return ["unshare", "--user", `--map-user=${namedUser() ?? uid}`];
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
