import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { ClusterFolder } from "./cluster-folder";
import type { PostgresPrograms } from "./postgres-programs";
import { giveTo, hasName, namedUser } from "./server-user";

/** The data folder and the password file as a program finds them that this module runs. */
interface OfflinePaths {
  data: string;
  passwordFile: string;
}

/**
 * Runs `initdb` or `postgres --single` on a data folder that no server uses. Both want a user with a name, though they need none, so
 * that they run as one who has it; the data then belong to `uid`.
 *
 * @throws Error with what the program said.
 */
export function runOffline(
  program: "initdb" | "postgres",
  argumentsFor: (paths: OfflinePaths) => string[],
  cluster: ClusterFolder,
  options: { programs: PostgresPrograms; uid?: number | undefined; input?: string },
): void {
  const { uid, programs, input } = options;
  const runner = uid === undefined ? undefined : (namedUser() ?? uid);
  if (runner !== undefined) for (const path of [cluster.data, cluster.passwordFile]) giveTo(runner, path);
  const passwordFd = openSync(cluster.passwordFile, "r");
  // That user may not enter the folders above; the working folder and an open file need no way to them.
  const paths =
    process.platform === "linux"
      ? { data: "/proc/self/cwd", passwordFile: "/proc/self/fd/3" }
      : { data: cluster.data, passwordFile: cluster.passwordFile };
  const [command = "", ...args] = [
    ...withName(runner),
    join(programs.home, "bin", program),
    ...argumentsFor(paths),
  ];
  try {
    execFileSync(command, args, {
      ...(runner === undefined ? {} : { uid: runner, gid: runner }),
      cwd: cluster.data,
      env: { PATH: process.env.PATH, TZ: "UTC" },
      ...(input === undefined ? {} : { input }),
      stdio: [input === undefined ? "ignore" : "pipe", "ignore", "pipe", passwordFd],
    });
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim();
    throw new Error(said || String(error), { cause: error });
  } finally {
    closeSync(passwordFd);
  }
  if (uid === undefined) return;
  giveTo(uid, cluster.data);
  giveTo(0, cluster.passwordFile);
}

/** A command to put before a program whose user has no name: a user namespace in which it has nobody's. */
function withName(runner: number | undefined): string[] {
  const uid = runner ?? process.getuid?.();
  if (process.platform !== "linux" || uid === undefined || hasName(uid)) return [];
  return ["unshare", "--user", `--map-user=${namedUser() ?? uid}`];
}
