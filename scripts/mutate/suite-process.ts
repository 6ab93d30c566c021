import { fork, type ChildProcess } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ACTIVE, ACTIVE_FILE, COVERAGE } from "./plant";

type SuiteResult = "passed" | "failed" | "late";

/** Suites leave modules and timers behind; a process is replaced after so many runs. */
const RUNS = 60;

/** One jest process in the sandbox, which is ended with everything it started when a run is late. */
export class SuiteProcess {
  #child: ChildProcess | undefined;
  #runs = 0;

  constructor(private readonly sandbox: string) {}

  /** Runs one suite, with the fault of that id or, without one, writing down which faults it comes across. */
  async run(suite: string, { active, coverage }: { active?: string; coverage?: string }, limitMs: number) {
    const activeFile = join(this.sandbox, ACTIVE_FILE);
    if (active === undefined) rmSync(activeFile, { force: true });
    else writeFileSync(activeFile, active);
    if (this.#runs++ >= RUNS) this.stop();
    const child = (this.#child ??= this.#start());
    const result = await new Promise<SuiteResult>((resolve) => {
      const limit = setTimeout(() => resolve("late"), limitMs);
      child.once("message", (message) => {
        clearTimeout(limit);
        resolve(message === "passed" ? "passed" : "failed");
      });
      // A fault can end the whole process.
      child.once("exit", () => {
        clearTimeout(limit);
        resolve("failed");
      });
      child.send({ suites: [suite], env: { [ACTIVE]: active ?? null, [COVERAGE]: coverage ?? null } });
    });
    child.removeAllListeners("message").removeAllListeners("exit");
    if (result === "late" || child.exitCode !== null || child.signalCode !== null) this.stop();
    return result;
  }

  stop(): void {
    const { pid } = this.#child ?? {};
    this.#child = undefined;
    this.#runs = 0;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The whole group has ended.
    }
  }

  #start(): ChildProcess {
    return fork("scripts/mutate/jest-worker.mjs", {
      cwd: this.sandbox,
      // The programs of the sandbox are built.
      env: { ...process.env, PROGRAMS_BUILT: "1" },
      execArgv: ["--max-old-space-size=2048", "--no-warnings"],
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
  }
}
