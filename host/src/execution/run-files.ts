import {
  closeSync,
  constants,
  cpSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { giveTo } from "../db/server-user";
import type { ProcessFolder } from "./process-folder";
import type { Task } from "./protocol";

/** In the process's own folder. */
const NAME = "stash";
/** What a run may leave behind. */
const MOST_BYTES = 1_000_000_000;
const MOST_FILES = 10_000;
/** What is kept of all runs of a user. */
const MOST_USER_BYTES = 2_000_000_000;
const CHUNK = 1024 * 1024;

/** The task as the process gets it, and what copies back that the run left. */
export interface BroughtFiles {
  task: Task;
  /** @throws the system's error. */
  bringBack(): void;
}

/**
 * Copies the files that the run is given into the process's own folder, since it can reach no other.
 *
 * @throws the system's error.
 */
export function bringFiles(task: Task, folder: ProcessFolder): BroughtFiles {
  const kept = "input" in task ? task.input.filesDir : undefined;
  if (!("input" in task) || kept === undefined || !folder.isOwn) return { task, bringBack: () => undefined };
  // The process's own folder is its /tmp; what is there before the run belongs to the process.
  const name = task.input.syncsTmp ? "" : NAME;
  const inside = join(folder.path, name);
  const foreign = new Set(name === "" ? readdirSync(inside) : []);
  if (name !== "") mkdirSync(inside, { mode: 0o700 });
  for (const entry of readdirSync(kept)) {
    const copy = join(inside, entry);
    if (foreign.has(entry)) continue;
    cpSync(join(kept, entry), copy, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
    if (folder.uid !== undefined && existsSync(copy)) giveTo(folder.uid, copy);
  }
  if (folder.uid !== undefined && name !== "") giveTo(folder.uid, inside);
  const filesDir = join(folder.seenAs, name);
  const input = { ...task.input, filesDir, env: { ...task.input.env, STASH_DIR: filesDir } };
  return {
    task: { ...task, input },
    bringBack: () => {
      // What the user keeps already, but what this run was given and brings back.
      const others = bytesIn(dirname(kept)) - bytesIn(kept);
      const budget = { bytes: Math.min(MOST_BYTES, MOST_USER_BYTES - others), files: MOST_FILES };
      copyRegular(inside, kept, budget, foreign);
    },
  };
}

function bytesIn(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += lstatSync(join(entry.parentPath, entry.name)).size;
  return bytes;
}

/** Copies plain files and folders, and nothing that stands for another file. */
function copyRegular(
  from: string,
  to: string,
  budget: { bytes: number; files: number },
  except: ReadonlySet<string> = new Set(),
): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (except.has(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyRegular(source, target, budget);
    else if (entry.isFile()) {
      budget.files -= 1;
      if (budget.files < 0 || lstatSync(source).size > budget.bytes)
        throw new Error(
          `The files that this run left do not fit: a run leaves ${MOST_FILES} files at most, and all files of a user take ${MOST_USER_BYTES / 1e9} GB. Files are kept for a day.`,
        );
      budget.bytes -= copyFile(source, target, budget.bytes);
    }
  }
}

function copyFile(source: string, target: string, mostBytes: number): number {
  const input = openSync(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const facts = fstatSync(input);
    if (!facts.isFile() || facts.nlink !== 1 || facts.size > mostBytes) return 0;
    const output = openSync(
      target,
      constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW,
      0o600,
    );
    try {
      const buffer = Buffer.alloc(Math.min(CHUNK, Math.max(1, facts.size)));
      let copied = 0;
      for (
        let read = readSync(input, buffer);
        read > 0 && copied <= mostBytes;
        read = readSync(input, buffer)
      ) {
        writeSync(output, buffer, 0, read);
        copied += read;
      }
      return copied;
    } finally {
      closeSync(output);
    }
  } finally {
    closeSync(input);
  }
}
