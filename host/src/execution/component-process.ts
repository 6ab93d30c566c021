import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { messageOf } from "../errors";
import { tlsOptions, type AccountNetwork } from "../outbound/network";
import type { Outbound } from "../outbound/outbound";
import { bringModule } from "./brought-module";
import { readMessage } from "./messages";
import { processCommand } from "./process-command";
import { bringFiles, type BroughtFiles } from "./run-files";
import { makeProcessFolder, type ProcessFolder } from "./process-folder";
import type { ProcessSurroundings } from "./process-surroundings";
import type { ComponentError, FromWorker, HttpReply, Job, LogEntry, Save, Task, ToWorker } from "./protocol";

/** Variables a component's process inherits: where programs and certificates are, never the host's own settings. */
const INHERITED = ["PATH", "LANG", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];
const WATCH_MS = 100;
/** Between its runs a process is looked at less often. */
const IDLE_WATCH_MS = 1000;
/** A process that is to be used again answers within this, or is replaced. */
const PONG_MS = 2000;
/** Most a process may take to start, on a machine that is busy. */
const START_MS = 60_000;

export interface ProcessLimits {
  /** Heap of the process; with buffers it may take `memoryMb` more before it is ended. */
  memoryMb: number;
}

/** How the host takes part in a job: what the component logs, saves, asks and answers. */
export interface JobHandlers {
  onLog?: (entry: LogEntry) => void;
  /** Commits; when it rejects, the run is ended and nothing after it is kept. */
  onSave?: (save: Save) => Promise<void>;
  /** What is left to save when the run ends comes with its outcome, in place of a last `onSave`. */
  keepsLastSave?: boolean;
  onCall?(method: string, args: unknown[]): Promise<unknown>;
  onRespond?(reply: HttpReply): void;
}

export interface JobOutcome {
  error?: ComponentError;
  result?: string;
  /** The result with its secrets, for what goes out to others as it was given. Never shown, and never stored in clear. */
  unmasked?: string;
  /** With `keepsLastSave`: what was emitted and written since the last save. */
  save?: Save;
}

interface Running {
  id: number;
  handlers: JobHandlers;
  /** Saves are committed one after the other, and the job ends after the last. */
  saves: Promise<void>;
  /** Keeps the files that the run has left so far. @throws the system's error. */
  keepFiles(): void;
  settle(outcome: JobOutcome): void;
  stopWatching(): void;
}

const BAD_MESSAGE: ComponentError = {
  name: "BadMessage",
  limit: "crash",
  message: "The component sent the host a message of its own and was stopped. It must not call process.send.",
};
const UNSENDABLE: ComponentError = {
  name: "InputTooDeep",
  limit: "size",
  message: "The input is nested too deep to be handed to a component.",
};

/** One process that runs jobs of one component, one at a time. */
export class ComponentProcess {
  readonly #child: ChildProcess;
  #running: Running | undefined;
  #said = "";
  #dead = false;
  #killed = false;
  #ready = false;
  #onReady: () => void = () => undefined;
  #ended: ComponentError | undefined;
  jobsDone = 0;
  lastUsed = Date.now();

  readonly #folder: ProcessFolder;
  readonly #outbound: Outbound | undefined;
  /** Where the process finds a module that was brought to it, by where the host has it. */
  readonly #brought = new Map<string, string>();
  readonly #idleWatch: NodeJS.Timeout;
  #pong: ((alive: boolean) => void) | undefined;

  constructor(
    readonly key: string,
    /** Of its first job, and of all others unless it only looks at modules. */
    file: string,
    workerFile: string,
    readonly limits: ProcessLimits,
    onExit: (process: ComponentProcess) => void,
    surroundings?: ProcessSurroundings,
    network?: AccountNetwork,
  ) {
    this.#outbound = surroundings?.outbound.through(network);
    this.#folder = makeProcessFolder(surroundings, workerFile);
    const { execPath, execArgv, ownTmp, endsWithHost } = processCommand(surroundings?.isolation, {
      workerFile,
      memoryMb: limits.memoryMb,
      folder: this.#folder.path,
      uid: this.#folder.uid,
    });
    this.#folder.seenAs = ownTmp ? "/tmp" : this.#folder.path;
    const brought = surroundings && bringModule(file, this.#folder, surroundings, workerFile);
    if (brought !== undefined) this.#brought.set(file, brought);
    const env: Record<string, string> = { TZ: "UTC", HOME: this.#folder.seenAs, TMPDIR: this.#folder.seenAs };
    for (const name of INHERITED) {
      const value = process.env[name];
      if (value !== undefined) env[name] = value;
    }
    if (surroundings) env.HOST_ROUTES_CONNECTIONS = "1";
    if (endsWithHost) env.HOST_ENDS_PROCESS = "1";
    this.#child = fork(workerFile, [], {
      env,
      execPath,
      execArgv,
      // A group of its own, which is ended as a whole.
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "json",
    });
    this.#child.stderr?.on(
      "data",
      (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-4000)),
    );
    this.#child.on("message", (message: unknown) => this.#hear(message));
    if (network) this.#send({ type: "tls", options: tlsOptions(network) });
    this.#child.on("error", (error) => this.#over(`could not be started (${error.message})`, onExit));
    this.#child.on("exit", (code, signal) =>
      this.#over(signal ? `was ended by ${signal}` : String(code), onExit),
    );
    this.#idleWatch = setInterval(() => {
      if (!this.busy && residentBytes(this.#child.pid) > this.#mostBytes) this.kill();
    }, IDLE_WATCH_MS);
    this.#idleWatch.unref();
  }

  /** The process's own folder, as the host sees it and as the component does. */
  get folder(): ProcessFolder {
    return this.#folder;
  }

  /** Asks a process that has run before whether it still answers; one that does not is ended. */
  async isAlive(): Promise<boolean> {
    if (this.dead) return false;
    if (this.jobsDone === 0) return true;
    const alive = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), PONG_MS);
      this.#pong = (answered) => {
        clearTimeout(timer);
        resolve(answered);
      };
      this.#send({ type: "ping" });
    });
    this.#pong = undefined;
    if (!alive) this.kill();
    return alive && !this.dead;
  }

  /** True from the moment it is ended, which is a little before it is gone: nothing new may be given to it. */
  get dead(): boolean {
    return this.#dead || this.#killed;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Does one task. Never rejects: limits, crashes and throws are in the outcome. */
  run(id: number, file: string, task: Task, timeoutMs: number, handlers: JobHandlers): Promise<JobOutcome> {
    if (this.dead)
      return Promise.resolve({
        error: {
          name: "ProcessEnded",
          limit: "crash",
          message: "The component's process ended before its run; try again.",
        },
      });
    let brought: BroughtFiles;
    try {
      this.#folder.empty();
      brought = bringFiles(task, this.#folder);
    } catch (error) {
      this.kill();
      return Promise.resolve({ error: filesError("The files for the run could not be put in place", error) });
    }
    return new Promise((resolve) => {
      const stopWatching = this.#watch(timeoutMs);
      this.#running = {
        id,
        handlers,
        saves: Promise.resolve(),
        stopWatching,
        keepFiles: () => brought.bringBack(),
        settle: (outcome) => {
          stopWatching();
          this.#running = undefined;
          this.jobsDone += 1;
          this.lastUsed = Date.now();
          try {
            brought.bringBack();
          } catch (error) {
            outcome.error ??= filesError("The files that the run left could not be kept", error);
          }
          resolve(outcome);
        },
      };
      if (
        !this.#send({
          type: "job",
          job: { id, file: this.#brought.get(file) ?? file, task: brought.task } satisfies Job,
        })
      )
        this.kill(UNSENDABLE);
    });
  }

  /** Ends the process at once; a job in it ends with this error. */
  kill(reason?: ComponentError): void {
    this.#ended ??= reason;
    this.#killed = true;
    if (this.#dead || this.#child.pid === undefined) return;
    this.#endGroup();
  }

  #endGroup(): void {
    try {
      process.kill(-(this.#child.pid ?? NaN), "SIGKILL");
    } catch {
      // The group has ended already, or was never made.
      this.#child.kill("SIGKILL");
    }
  }

  /** @returns false for what is no JSON, such as something nested too deep. */
  #send(message: ToWorker, socket?: Socket): boolean {
    try {
      // A process that has just ended answers with an error here; its exit event says the rest.
      this.#child.send(message, socket, {}, () => undefined);
      return true;
    } catch {
      socket?.destroy();
      return false;
    }
  }

  #watch(timeoutMs: number): () => void {
    // The start of the process is not the component's own time, but has an end too.
    let started = this.#ready ? Date.now() : Date.now() + START_MS;
    this.#onReady = () => (started = Date.now());
    const timer = setInterval(
      () => {
        if (Date.now() - started > timeoutMs)
          this.kill({
            name: "TimeLimit",
            limit: "time",
            message: `The component did not end within ${timeoutMs / 1000} s and was stopped. What it emitted after its last saved state was not kept.`,
          });
        else if (residentBytes(this.#child.pid) > this.#mostBytes) this.kill(this.#memoryError());
      },
      Math.min(WATCH_MS, timeoutMs),
    );
    return () => clearInterval(timer);
  }

  get #mostBytes(): number {
    return this.limits.memoryMb * 2 * 1024 * 1024 + 100 * 1024 * 1024;
  }

  #memoryError(): ComponentError {
    return {
      name: "MemoryLimit",
      limit: "memory",
      message: `The component needed more than the ${this.limits.memoryMb} MB of memory it may use and was stopped. Ask for fewer or smaller records at a time.`,
    };
  }

  /** The component can send whatever it likes: what is not a message of ours ends this process, and nothing else. */
  #hear(text: unknown): void {
    // What it said before it is gone counts no more.
    if (this.#ended === BAD_MESSAGE) return;
    const message = readMessage(text);
    if (message) this.#receive(message);
    else this.kill(BAD_MESSAGE);
  }

  #receive(message: FromWorker): void {
    const running = this.#running;
    if (message.type === "ready") {
      this.#ready = true;
      this.#onReady();
      return;
    }
    if (message.type === "pong") return this.#pong?.(true);
    if (message.type === "dial") return void this.#dial(message.id, message.host, message.port);
    if (!running || message.job !== running.id) return;
    const { handlers } = running;
    switch (message.type) {
      case "log":
        handlers.onLog?.(message.entry);
        return;
      case "respond":
        handlers.onRespond?.(message.reply);
        return;
      case "save":
        running.saves = running.saves.then(() => handlers.onSave?.(message.save));
        running.saves.catch((error: unknown) => this.#saveFailed(running, error));
        return;
      case "call":
        void this.#answer(message.call, async () => {
          if (!handlers.onCall) throw new Error("This is not available here.");
          if (message.method.startsWith("files.")) running.keepFiles();
          return handlers.onCall(message.method, message.args);
        });
        return;
      case "done": {
        if (message.dirty) this.kill();
        const { error, result, save } = message;
        if (save && !handlers.keepsLastSave) {
          running.saves = running.saves.then(() => handlers.onSave?.(save));
          running.saves.catch((failure: unknown) => this.#saveFailed(running, failure));
        }
        running.saves.then(
          () =>
            running.settle({
              ...(error ? { error } : {}),
              ...(result !== undefined ? { result } : {}),
              ...(save && handlers.keepsLastSave ? { save } : {}),
            }),
          () => undefined,
        );
      }
    }
  }

  /** Makes a connection for the component and hands it over. */
  async #dial(id: number, host: string, port: number): Promise<void> {
    try {
      if (!this.#outbound) throw new Error("This process makes its connections itself.");
      const socket = await this.#outbound.dial(host, port);
      if (this.dead) socket.destroy();
      else this.#send({ type: "dialed", id }, socket);
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      this.#send({ type: "dialed", id, error: { message, ...(code ? { code } : {}) } });
    }
  }

  #saveFailed(running: Running, error: unknown): void {
    if (this.#running !== running) return;
    const message = error instanceof Error ? error.message : String(error);
    running.settle({
      error: {
        name: "SaveFailed",
        limit: "save",
        message: `What the component emitted could not be stored: ${message}`,
      },
    });
    this.kill();
  }

  async #answer(call: number, answer: () => Promise<unknown>): Promise<void> {
    try {
      this.#send({ type: "reply", call, value: await answer() });
    } catch (error) {
      this.#send({ type: "reply", call, error: error instanceof Error ? error.message : String(error) });
    }
  }

  #over(how: string, onExit: (process: ComponentProcess) => void): void {
    if (this.#dead) return;
    this.#dead = true;
    clearInterval(this.#idleWatch);
    this.#pong?.(false);
    // What the process may have started ends with it.
    this.#endGroup();
    this.#folder.remove();
    onExit(this);
    const running = this.#running;
    if (!running) return;
    const outOfMemory = /heap out of memory|Reached heap limit|Array buffer allocation failed/.test(
      this.#said,
    );
    const error =
      this.#ended ??
      (outOfMemory
        ? this.#memoryError()
        : /^\d+$/.test(how)
          ? {
              name: "ProcessEnded",
              limit: "exit" as const,
              message: `The component ended its own process (exit code ${how}) instead of returning. It must not call process.exit.`,
            }
          : { name: "ProcessEnded", limit: "crash" as const, message: `The component's process ${how}.` });
    // Saves that arrived before the end are committed before the run is reported.
    running.saves.then(
      () => running.settle({ error }),
      () => undefined,
    );
  }
}

function filesError(what: string, error: unknown): ComponentError {
  return { name: "FilesFailed", limit: "save", message: `${what}: ${messageOf(error)}` };
}

/** Resident memory by /proc; 0 where there is none, and then the heap limit alone holds. */
function residentBytes(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * 4096;
  } catch {
    return 0;
  }
}
