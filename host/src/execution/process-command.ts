import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** How far a component's process is kept apart from the rest of the machine; what the system does not offer is missing from it. */
export interface Isolation {
  /** Folders a component may read besides its own: the packages. */
  readable: string[];
  /** Rights that Node's permission model takes from components, given back by the operator: `addons`, `child-process`, `worker`, `wasi`. */
  permissions: string[];
}

export interface ProcessCommand {
  /** What `fork` starts in place of Node.js, with its first arguments. */
  execPath: string;
  execArgv: string[];
  /** The process sees its own folder as `/tmp`. */
  ownTmp: boolean;
  /** The kernel ends the process with the host. */
  endsWithHost: boolean;
}

/** Users of component processes where the host is root; one for each process that runs at a time, so that none can look into another. */
const FIRST_UID = 60_601;
const UIDS = 500;
let nextUid = 0;

export interface SystemMeans {
  setpriv: boolean;
  /** Namespaces of the network and of mounts. */
  unshare: string[] | undefined;
}

let means: SystemMeans | undefined;

/** What the system offers, looked at once: namespaces need root or user namespaces, which some systems forbid. */
export function systemMeans(): SystemMeans {
  return (means ??= {
    setpriv: works("setpriv", ["--pdeathsig", "KILL", "--no-new-privs", "true"]),
    unshare: [
      ["--net", "--mount"],
      ["--user", "--map-root-user", "--net", "--mount"],
    ].find((flags) =>
      works("unshare", [...flags, "sh", "-c", "mount --bind /var/tmp /tmp && mount -t tmpfs none /run"]),
    ),
  });
}

function works(command: string, args: string[]): boolean {
  return process.platform === "linux" && spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/**
 * Puts the process's own folder in place of `/tmp`, unless the host has ended meanwhile. What the process needs that lies below the real
 * `/tmp` is put back first, for reading. `/run`, where the sockets of the machine's services are, is empty.
 */
const OWN_TMP = `[ "$PPID" = "$1" ] || exit 1
folder=$2; run=$3; count=$4; shift 4
[ "$run" = kept ] || mount -t tmpfs -o size=64k,mode=755 none /run || exit 1
while [ "$count" -gt 0 ]; do
  mount -o bind,ro "/tmp/$1" "$folder/$1" || exit 1
  shift; count=$((count - 1))
done
mount --rbind "$folder" /tmp && cd /tmp && exec "$@"`;
const SAME_HOST = '[ "$PPID" = "$1" ] || exit 1; shift; exec "$@"';

/** How a component's process is started, with `folder` as the only one it may write to. `uid` is set where the host is root. */
export function processCommand(
  isolation: Isolation | undefined,
  options: { workerFile: string; memoryMb: number; folder: string; uid: number | undefined },
): ProcessCommand {
  const node = [`--max-old-space-size=${options.memoryMb}`, "--no-warnings"];
  if (!isolation) return { execPath: process.execPath, execArgv: node, ownTmp: false, endsWithHost: false };
  const { setpriv, unshare } = systemMeans();
  const ownTmp = unshare !== undefined && setpriv;
  const readable = readablePaths(isolation, options.workerFile);
  node.push(...permissionFlags(isolation.permissions, readable, ownTmp ? "/tmp" : options.folder, setpriv));
  if (!setpriv) return { execPath: process.execPath, execArgv: node, ownTmp: false, endsWithHost: false };
  const { uid } = options;
  const setprivArgs = [
    ...["--pdeathsig", "KILL", "--no-new-privs"],
    ...(ownTmp ? ["--bounding-set=-all", "--inh-caps=-all"] : []),
    ...(uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"]),
    process.execPath,
    ...node,
  ];
  const host = String(process.pid);
  return ownTmp
    ? {
        execPath: "unshare",
        execArgv: [
          ...[...unshare, "sh", "-c", OWN_TMP, "sh", host, options.folder, placeOfRun(readable)],
          ...putBack(readable, options.folder),
          ...["setpriv", ...setprivArgs],
        ],
        ownTmp,
        endsWithHost: true,
      }
    : {
        execPath: "sh",
        execArgv: ["-c", SAME_HOST, "sh", host, "setpriv", ...setprivArgs],
        ownTmp,
        endsWithHost: true,
      };
}

/** Systems that keep their programs below `/run` need it; there, only Node's functions refuse the sockets. */
function placeOfRun(readable: string[]): "emptied" | "kept" {
  return [process.execPath, ...readable].some((path) => path.startsWith("/run/")) || !existsSync("/run")
    ? "kept"
    : "emptied";
}

function permissionFlags(
  permissions: string[],
  readable: string[],
  own: string,
  endsWithHost: boolean,
): string[] {
  // Without the kernel's help a thread of the process watches the host.
  const rights = endsWithHost ? permissions : [...new Set([...permissions, "worker"])];
  return [
    "--permission",
    "--no-experimental-sqlite",
    ...[own, ...readable].map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-write=${own}`,
    ...rights.map((right) => `--allow-${right}`),
  ];
}

/** Paths of other folders that a component may read: the worker program, the packages and what they import. None lies in another. */
export function readablePaths({ readable }: Isolation, workerFile: string): string[] {
  const all = [...new Set([dirname(workerFile), ...readable.flatMap(withPackagesAbove)])];
  return all.filter(
    (path) => existsSync(path) && !all.some((other) => other !== path && path.startsWith(`${other}/`)),
  );
}

/** Makes a place in the folder for each path below `/tmp` that the process needs. @returns their number and names, for the script. */
function putBack(readable: string[], folder: string): string[] {
  const names = [process.execPath, ...readable]
    .filter((path) => path.startsWith("/tmp/") && !readable.some((other) => path.startsWith(`${other}/`)))
    .map((path) => path.slice("/tmp/".length));
  for (const name of names) {
    const place = join(folder, name);
    if (statSync(join("/tmp", name)).isDirectory()) mkdirSync(place, { recursive: true });
    else {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, "");
    }
  }
  return [String(names.length), ...names];
}

/** A package's folder, also where it is linked from, and the folders in which its imports are looked for. */
function withPackagesAbove(folder: string): string[] {
  const found: string[] = [];
  for (const start of new Set([folder, existsSync(folder) ? realpathSync(folder) : folder])) {
    found.push(start);
    for (let at = start; at !== dirname(at); at = dirname(at)) {
      for (const name of ["node_modules", "package.json"])
        if (existsSync(join(at, name))) found.push(join(at, name), realpathSync(join(at, name)));
    }
  }
  return found;
}

/**
 * The next user for a component's process; undefined where the host is not root, cannot act for other users, or keeps processes apart in
 * user namespaces, which know one user only.
 */
export function nextProcessUser(): number | undefined {
  const { setpriv, unshare } = systemMeans();
  if (process.getuid?.() !== 0 || !setpriv || unshare?.includes("--user") || !actsForOthers())
    return undefined;
  nextUid = (nextUid + 1) % UIDS;
  return FIRST_UID + nextUid;
}

/** Capabilities by their bit: CHOWN, DAC_OVERRIDE, KILL, SETGID, SETUID. A container may run its root without them. */
const NEEDED = [0, 1, 5, 6, 7];

function actsForOthers(): boolean {
  try {
    const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    const held = BigInt(`0x${effective ?? "0"}`);
    return NEEDED.every((bit) => (held >> BigInt(bit)) & 1n);
  } catch {
    return false;
  }
}
