import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ACTIVE, ACTIVE_FILE, COVERAGE, type Mutant } from "./plant";
import type { Outcome } from "./report";

/** What a suite does without any fault: which faults it comes across, and how long it takes. */
interface DryRun {
  suite: string;
  covered: Set<string>;
  ms: number;
}

/** Runs the suites of one file against its faults, one fault at a time in each sandbox. */
export class SuiteRunner {
  /** A suite is tried without a fault when the first fault comes to it, since most faults are noticed by the nearest suites. */
  readonly #dry = new Map<string, Promise<DryRun | undefined>>();

  constructor(
    private readonly sandboxes: string[],
    private readonly suites: string[],
  ) {}

  run(mutants: Mutant[]): Promise<Outcome[]> {
    return this.#each(mutants, (mutant, sandbox) => this.#try(mutant, sandbox));
  }

  /** Undefined for a suite that fails without a fault: it proves nothing. */
  async #dryRun(suite: string, sandbox: string): Promise<DryRun | undefined> {
    const file = join(sandbox, ".cache/covered");
    rmSync(file, { force: true });
    const started = performance.now();
    const result = await jest(sandbox, [suite], { [COVERAGE]: file }, 15 * 60_000);
    if (result !== "passed") {
      console.error(`  ${suite} does not pass without a fault and is left out`);
      return undefined;
    }
    const covered = new Set(existsSync(file) ? readFileSync(file, "utf8").split("\n") : []);
    return { suite, covered, ms: performance.now() - started };
  }

  async #try(mutant: Mutant, sandbox: string): Promise<Outcome> {
    let suites = 0;
    let result: Outcome["result"] = "survived";
    for (const suite of this.suites) {
      if (!this.#dry.has(suite)) this.#dry.set(suite, this.#dryRun(suite, sandbox));
      const dry = await this.#dry.get(suite);
      // Component processes note nothing, so a suite of the host may come across any fault of the host.
      if (!dry || !(dry.covered.has(mutant.id) || mutant.file.startsWith("host/"))) continue;
      suites++;
      const outcome = await jest(sandbox, [suite], { [ACTIVE]: mutant.id }, 3 * dry.ms + 20_000);
      if (outcome === "passed") continue;
      result = outcome === "late" ? "timedOut" : "killed";
      break;
    }
    console.error(
      `  ${result === "survived" ? "SURVIVED" : result} ${mutant.file}:${mutant.line} ${mutant.kind}`,
    );
    return { mutant, result, suites };
  }

  /** Does the work for each item, as many at a time as there are sandboxes, and gives the results in order. */
  async #each<T, R>(items: T[], work: (item: T, sandbox: string) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    const waiting = [...items.entries()];
    await Promise.all(
      this.sandboxes.map(async (sandbox) => {
        for (let next = waiting.shift(); next; next = waiting.shift())
          results[next[0]] = await work(next[1], sandbox);
      }),
    );
    return results;
  }
}

/** Runs suites in a process group of their own, which is ended as a whole. */
function jest(
  sandbox: string,
  suites: string[],
  env: Record<string, string>,
  limitMs: number,
): Promise<"passed" | "failed" | "late"> {
  const active = join(sandbox, ACTIVE_FILE);
  if (env[ACTIVE] === undefined) rmSync(active, { force: true });
  else writeFileSync(active, env[ACTIVE]);
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        "node_modules/jest/bin/jest.js",
        "-i",
        "--bail",
        "--silent",
        "--forceExit",
        "--runTestsByPath",
        ...suites,
      ],
      { cwd: sandbox, env: { ...process.env, ...env, PROGRAMS_BUILT: "1" }, detached: true, stdio: "ignore" },
    );
    let late = false;
    const end = () => {
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        // The whole group has ended.
      }
    };
    const limit = setTimeout(() => {
      late = true;
      end();
    }, limitMs);
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(limit);
      end();
      resolve(late ? "late" : code === 0 ? "passed" : "failed");
    });
  });
}
