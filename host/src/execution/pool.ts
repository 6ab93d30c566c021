import { statSync } from "node:fs";
import { hashOf } from "../encryption";
import { ComponentProcess, type JobHandlers, type JobOutcome, type ProcessLimits } from "./component-process";
import type { ProcessSurroundings } from "./process-surroundings";
import type { ComponentError, Task } from "./protocol";
import type { AccountNetwork } from "../outbound/network";

export interface PoolOptions {
  /** Absolute path of the bundled worker program. */
  workerFile: string;
  /** Most processes at a time, busy or warm. */
  maxProcesses: number;
  limits: ProcessLimits;
  /** A warm process ends after so long without work. */
  idleMs: number;
  /** How processes are kept apart, and their way out; absent for whoever runs components on their own machine. */
  surroundings?: ProcessSurroundings;
  /** A process is replaced after so many jobs, against slow leaks in components. */
  maxJobs: number;
}

export interface PoolJob {
  file: string;
  /** Of the file and what it may import; a process that has loaded another takes no part. The file's own time, when absent. */
  version?: string | undefined;
  /** Jobs share a process only within one tenant, so that no module state crosses between users. */
  tenant: string;
  /** Jobs of any file with the same text share a process; for looking at modules, which keeps no state. */
  shared?: string;
  task: Task;
  /** Certificates and proxy of its connections. A process has one such way, since it may keep connections open. */
  network?: AccountNetwork | undefined;
  timeoutMs: number;
  handlers: JobHandlers;
  /** Ends the job at once, and its process with it. */
  signal?: AbortSignal;
}

interface Waiting {
  key: string;
  job: PoolJob;
  start(process: ComponentProcess | undefined): void;
}

const STOPPED: ComponentError = {
  name: "Stopped",
  limit: "stopped",
  message: "The host was stopped while the component ran; it will be run again.",
};

const CUT_OFF: ComponentError = {
  name: "CutOff",
  limit: "stopped",
  message: "The run was cut off; what it had not saved is done again.",
};

/** Warm processes by component file. A job waits when all are busy. */
export class ProcessPool {
  readonly #processes = new Set<ComponentProcess>();
  readonly #waiting: Waiting[] = [];
  readonly #reserved = new Set<ComponentProcess>();
  readonly #sweeper: NodeJS.Timeout;
  #nextJob = 1;
  #stopped = false;

  constructor(readonly options: PoolOptions) {
    this.#sweeper = setInterval(() => this.#sweep(), 5000);
    this.#sweeper.unref();
  }

  get size(): number {
    return this.#processes.size;
  }

  /** Does a task in the component's own process. Never rejects. The time limit counts from its start, not from the call. */
  async run(job: PoolJob): Promise<JobOutcome> {
    if (this.#stopped) return { error: STOPPED };
    for (;;) {
      const process = await this.#take(processKey(job), job);
      if (!process) return { error: STOPPED };
      const cutOff = (): void => process.kill(CUT_OFF);
      try {
        if (job.signal?.aborted) return { error: CUT_OFF };
        // One whose component still works, or loops, after its run has ended is replaced.
        if (!(await process.isAlive())) continue;
        job.signal?.addEventListener("abort", cutOff, { once: true });
        return await process.run(this.#nextJob++, job.file, job.task, job.timeoutMs, job.handlers);
      } finally {
        job.signal?.removeEventListener("abort", cutOff);
        this.#release(process);
      }
    }
  }

  /** Ends every process; jobs in them end with an error. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#sweeper);
    for (const waiting of this.#waiting.splice(0)) waiting.start(undefined);
    for (const process of this.#processes) process.kill(STOPPED);
  }

  #take(key: string, job: PoolJob): Promise<ComponentProcess | undefined> {
    const process = this.#find(key, job);
    if (process) return Promise.resolve(process);
    return new Promise((start) => this.#waiting.push({ key, job, start }));
  }

  #find(key: string, { file, network }: PoolJob): ComponentProcess | undefined {
    const idle = [...this.#processes].filter(
      (process) => !process.busy && !process.dead && !this.#reserved.has(process),
    );
    let process = idle.find((candidate) => candidate.key === key);
    if (!process) {
      if (this.#processes.size >= this.options.maxProcesses) {
        const oldest = idle.sort((a, b) => a.lastUsed - b.lastUsed)[0];
        if (!oldest) return undefined;
        this.#end(oldest);
      }
      process = new ComponentProcess(
        key,
        file,
        this.options.workerFile,
        this.options.limits,
        (dead) => {
          this.#processes.delete(dead);
          this.#reserved.delete(dead);
          this.#next();
        },
        this.options.surroundings,
        network,
      );
      this.#processes.add(process);
    }
    this.#reserved.add(process);
    return process;
  }

  #release(process: ComponentProcess): void {
    this.#reserved.delete(process);
    if (process.jobsDone >= this.options.maxJobs) this.#end(process);
    this.#next();
  }

  #next(): void {
    for (;;) {
      const first = this.#waiting[0];
      const process = first && this.#find(first.key, first.job);
      if (!process) return;
      this.#waiting.shift();
      first.start(process);
    }
  }

  #end(process: ComponentProcess): void {
    this.#processes.delete(process);
    process.kill();
  }

  #sweep(): void {
    const before = Date.now() - this.options.idleMs;
    for (const process of this.#processes)
      if (!process.busy && !this.#reserved.has(process) && process.lastUsed < before) this.#end(process);
  }
}

/** A changed file needs a new process: a module is loaded once in a process's life. */
function processKey({ file, version, tenant, shared, network }: PoolJob): string {
  if (shared !== undefined) return `shared\0${shared}`;
  const way = network ? hashOf(JSON.stringify(network)) : "";
  return `${tenant}\0${file}\0${version ?? timeOf(file)}\0${way}`;
}

function timeOf(file: string): number {
  // The worker says in words that a file is missing.
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
