// A host of its own process, made to be killed: runs built sources on the component runner and keeps what a save commits (events and
// state together) as one line of a journal.
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { timerEvent } from "../../host/src/triggers/schedule";
import type { ExecutionInput, HookName, Save } from "../../host/src/execution/protocol";
import { Runtime } from "../../host/src/execution/runtime";

export interface Slot {
  name: string;
  props: Record<string, unknown>;
}

/** A death at an exact place: at the n-th save of the run, before it is committed, in the middle of writing it, or right behind it. */
export interface Death {
  save: number;
  when: "before" | "torn" | "after";
}

export interface Command {
  id: number;
  slot: Slot;
  auth: Record<string, string>;
  hook?: HookName;
  /** Simulated time at which the poll begins, epoch seconds. */
  now: number;
  /** What the clock of this computer shows, milliseconds. */
  clock: number;
  /** Does not wait for the run that may be under way: takes its lock, as a second host does when the first seems to stand still. */
  takeOver?: boolean;
  death?: Death;
}

export interface Reply {
  id: number;
  error?: string;
  logs: string[];
  ms: number;
  /** Saves that another run's lock refused. */
  refused: number;
}

/** One line of a journal: `e` the events' ids and times, `s` the state, `n` the simulated start of the poll. */
export interface Line {
  n: number;
  e: [id: string, ts: number][];
  s: Record<string, unknown>;
  /** Bytes of the state. */
  b: number;
}

export const journalFile = (folder: string, slot: string): string => join(folder, `${slot}.jsonl`);

/** What was committed; a line that a kill cut off was not. */
export function readJournal(folder: string, slot: string): Line[] {
  const file = journalFile(folder, slot);
  if (!existsSync(file)) return [];
  return whole(readFileSync(file, "utf8"))
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

const whole = (text: string) => text.slice(0, text.lastIndexOf("\n") + 1);

/** Takes off the line that the last death cut in two. */
function mend(file: string): void {
  if (existsSync(file)) truncateSync(file, Buffer.byteLength(whole(readFileSync(file, "utf8"))));
}

function main(): void {
  // Two folders below the root, as source and as the bundle in `.cache/torture`.
  const root = join(__dirname, "../..");
  const folder = process.env.TORTURE_FOLDER ?? "";
  const runtime = new Runtime({
    workerFile: join(root, "scripts/torture/clocked-worker.mjs"),
    maxProcesses: 5,
    limits: { memoryMb: 256 },
    idleMs: 60_000,
    maxJobs: 10_000,
  });
  const states = new Map<string, Record<string, unknown>>();
  const stateOf = (slot: string) => {
    let state = states.get(slot);
    if (!state) {
      mend(journalFile(folder, slot));
      states.set(slot, (state = readJournal(folder, slot).at(-1)?.s ?? {}));
    }
    return state;
  };
  // One run of a source at a time, and a lock that only its holder commits under, as the host's engine has it.
  const turns = new Map<string, Promise<void>>();
  const locks = new Map<string, number>();
  process.on("message", (command: Command) => {
    const { name } = command.slot;
    const before = turns.get(name) ?? Promise.resolve();
    const run = command.takeOver ? runOnce(command) : before.then(() => runOnce(command));
    turns.set(
      name,
      Promise.all([before, run]).then(() => undefined),
    );
  });
  const commit = (slot: string, line: Line, death: Death["when"] | undefined): void => {
    const file = journalFile(folder, slot);
    const text = `${JSON.stringify(line)}\n`;
    if (death === "torn") appendFileSync(file, text.slice(0, text.length / 2));
    if (death === "before" || death === "torn") process.kill(process.pid, "SIGKILL");
    states.set(slot, line.s);
    appendFileSync(file, text);
    if (death) process.kill(process.pid, "SIGKILL");
  };
  const runOnce = async (command: Command): Promise<void> => {
    const { id, slot, hook, now, auth, death } = command;
    locks.set(slot.name, id);
    const logs: string[] = [];
    const began = performance.now();
    let saves = 0;
    let refused = 0;
    const input: ExecutionInput = {
      configuredProps: { timer: { intervalSeconds: 60 }, ...slot.props },
      auth: {},
      defaultAuth: auth,
      db: JSON.stringify(stateOf(slot.name)),
      env: { TORTURE_CLOCK: String(command.clock) },
      limits: { dbBytes: 60 * 1024, resultBytes: 64_000_000, saveEvents: 1, saveMs: 0 },
    };
    const { error } = await runtime.run({
      file:
        process.env.TORTURE_SOURCE ??
        join(root, "dist/sources/new-or-updated-record/new-or-updated-record.mjs"),
      tenant: slot.name,
      task: hook
        ? { type: "hook", input, hook, emitting: true }
        : { type: "source", input, event: timerEvent({ intervalSeconds: 60 }, command.clock) },
      timeoutMs: 300_000,
      secrets: [],
      handlers: {
        onLog: ({ message }) => void logs.push(message),
        onSave: async (save: Save) => {
          await Promise.resolve();
          if (locks.get(slot.name) !== id) {
            refused++;
            throw new Error("Another run has taken over.");
          }
          saves++;
          const state = { ...stateOf(slot.name), ...(save.db ? (JSON.parse(save.db) as object) : {}) };
          const events = save.events.map(({ id, ts }): [string, number] => [id ?? "", ts ?? 0]);
          const line: Line = { n: now, e: events, s: state, b: JSON.stringify(state).length };
          commit(slot.name, line, death?.save === saves ? death.when : undefined);
        },
      },
    });
    const reply: Reply = {
      id,
      logs,
      ms: performance.now() - began,
      refused,
      ...(error ? { error: `${error.name}: ${error.message}` } : {}),
    };
    process.send?.(reply);
  };
  process.on("disconnect", () => process.exit(0));
}

if (process.env.TORTURE_FOLDER) main();
