// A host of its own process, made to be killed: runs built sources on the component runner and keeps what a save commits (events and
// state together) as one line of a journal.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { timerEvent } from "../../host/src/engine/schedule";
import type { ExecutionInput, HookName, Save } from "../../host/src/runtime/protocol";
import { Runtime } from "../../host/src/runtime/runtime";

export interface Slot {
  name: string;
  props: Record<string, unknown>;
}

export interface Command {
  id: number;
  slot: Slot;
  auth: Record<string, string>;
  hook?: HookName;
  /** Simulated time at which the poll begins, epoch seconds. */
  now: number;
}

export interface Reply {
  id: number;
  error?: string;
  logs: string[];
  ms: number;
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
  const text = readFileSync(file, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

function main(): void {
  const root = join(__dirname, "../..");
  const folder = process.env.TORTURE_FOLDER ?? "";
  const runtime = new Runtime({
    workerFile: join(root, "host/dist/worker.mjs"),
    maxProcesses: 5,
    limits: { memoryMb: 256 },
    idleMs: 60_000,
    maxJobs: 10_000,
  });
  const states = new Map<string, Record<string, unknown>>();
  const stateOf = (slot: string) => {
    let state = states.get(slot);
    if (!state) states.set(slot, (state = readJournal(folder, slot).at(-1)?.s ?? {}));
    return state;
  };
  // One run of a source at a time, as the host's engine has it.
  const turns = new Map<string, Promise<void>>();
  process.on("message", (command: Command) => {
    const before = turns.get(command.slot.name) ?? Promise.resolve();
    turns.set(
      command.slot.name,
      before.then(() => runOnce(command)),
    );
  });
  const runOnce = async (command: Command): Promise<void> => {
    const { slot, hook, now, auth } = command;
    const logs: string[] = [];
    const began = performance.now();
    const input: ExecutionInput = {
      configuredProps: { timer: { intervalSeconds: 60 }, ...slot.props },
      auth: {},
      defaultAuth: auth,
      db: JSON.stringify(stateOf(slot.name)),
      limits: { dbBytes: 60 * 1024, resultBytes: 64_000_000, saveEvents: 1, saveMs: 0 },
    };
    const { error } = await runtime.run({
      file: join(root, "dist/sources/new-or-updated-record/new-or-updated-record.mjs"),
      tenant: slot.name,
      task: hook
        ? { type: "hook", input, hook, emitting: true }
        : { type: "source", input, event: timerEvent({ intervalSeconds: 60 }, Date.now()) },
      timeoutMs: 300_000,
      secrets: [],
      handlers: {
        onLog: ({ message }) => void logs.push(message),
        onSave: async (save: Save) => {
          const state = { ...stateOf(slot.name), ...(save.db ? (JSON.parse(save.db) as object) : {}) };
          states.set(slot.name, state);
          const line: Line = {
            n: now,
            e: save.events.map(({ id, ts }) => [id ?? "", ts ?? 0]),
            s: state,
            b: JSON.stringify(state).length,
          };
          appendFileSync(journalFile(folder, slot.name), `${JSON.stringify(line)}\n`);
        },
      },
    });
    const reply: Reply = {
      id: command.id,
      logs,
      ms: performance.now() - began,
      ...(error ? { error: `${error.name}: ${error.message}` } : {}),
    };
    process.send?.(reply);
  };
  process.on("disconnect", () => process.exit(0));
}

if (process.env.TORTURE_FOLDER) main();
