import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** What `flock` answers when another process holds the lock. */
export const LOCKED = 75;
/** What the start script answers when the host ended meanwhile. */
const ORPHANED = 76;

/** Made empty once, and locked by the server for as long as one of its processes lives; holds the host's process id, for a message. */
export const LOCK_FILE = "host.lock";
export const SOCKET_FILE = ".s.PGSQL.5432";

const SETTINGS: Record<string, string> = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  shared_buffers: "64MB",
  max_connections: "100",
  max_wal_size: "256MB",
  min_wal_size: "32MB",
  // Only what concerns the server itself; a statement would bring its values into the log.
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_checkpoints: "off",
  TimeZone: "UTC",
  log_timezone: "UTC",
};

/**
 * Runs in the data folder before the server takes over its process. A server's own lock files name a process id, which after a crash or in
 * a new container may be anybody's: they are removed unless that process works in this very folder.
 */
const PREPARE = `
host=$1; shift
[ "$PPID" = "$host" ] || exit ${ORPHANED}
[ -w ${LOCK_FILE} ] && echo "$host" > ${LOCK_FILE}
for file in postmaster.pid ${SOCKET_FILE}.lock; do
  [ -f "$file" ] || continue
  read -r pid < "$file" || pid=0
  [ "/proc/$pid/cwd" -ef . ] || rm -f "$file"
done
exec "$@"`;

/**
 * Waits with the server for the host's end of a pipe to close, where the kernel cannot tell the server that the host ended.
 */
const GUARD = `
"$@" < /dev/null 3<&- & server=$!
trap 'kill -INT "$server"' INT TERM
(read -r _ <&3; kill -INT "$server" 2>/dev/null) & watcher=$!
wait "$server"; code=$?
while kill -0 "$server" 2>/dev/null; do wait "$server"; code=$?; done
kill "$watcher" 2>/dev/null
exit "$code"`;

export interface ServerCommand {
  command: string;
  args: string[];
  /** The lock is the server's own; without it the host holds another for it. */
  locksItself: boolean;
}

/** How the server is started in its data folder, so that it holds the folder's lock and ends with this process. */
export function serverCommand(home: string, data: string): ServerCommand {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const linux = process.platform === "linux";
  const postgres = [
    join(home, "bin", "postgres"),
    "-D",
    linux ? "/proc/self/cwd" : data,
    "-k",
    ".",
    ...settings,
  ];
  if (linux && canRun("flock") && canRun("setpriv"))
    return {
      command: "flock",
      args: [
        ...["-n", "-E", String(LOCKED), "--no-fork", LOCK_FILE],
        ...["setpriv", "--pdeathsig", "INT", "--no-new-privs"],
        ...["sh", "-c", PREPARE, "sh", String(process.pid)],
        ...postgres,
      ],
      locksItself: true,
    };
  return { command: "sh", args: ["-c", GUARD, "sh", ...postgres], locksItself: false };
}

function canRun(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
}
