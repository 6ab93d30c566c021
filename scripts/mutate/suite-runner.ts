import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./plant";
import type { Outcome } from "./report";
import { SuiteProcess } from "./suite-process";
import type { ReachingSuites } from "./suites";

/** What a suite does without any fault: which faults it comes across, and how long it takes. */
interface CleanRun {
  suite: string;
  covered: Set<string>;
  ms: number;
}

/** Runs the suites of one file after the other against its faults, one fault at a time. */
export class SuiteRunner {
  readonly #process: SuiteProcess;
  readonly #clean = new Map<string, CleanRun | undefined>();
  /** Suites that fail without any fault, twice: they prove nothing. */
  readonly red: string[] = [];

  constructor(private readonly sandbox: string) {
    this.#process = new SuiteProcess(sandbox);
  }

  /**
   * Suites within jest's own process are tried first, the fastest at the front; those that start programs follow, and run without a fault
   * only when a fault comes to them.
   */
  async run(mutants: Mutant[], { inProcess, startPrograms, uncounted }: ReachingSuites): Promise<Outcome[]> {
    const fast: CleanRun[] = [];
    for (const suite of inProcess) {
      const clean = await this.#cleanRun(suite);
      if (clean) fast.push(clean);
    }
    const suites = [...fast.sort((a, b) => a.ms - b.ms).map(({ suite }) => suite), ...startPrograms];
    const outcomes: Outcome[] = [];
    for (const mutant of mutants) outcomes.push(await this.#try(mutant, suites, uncounted));
    return outcomes;
  }

  stop(): void {
    this.#process.stop();
  }

  async #cleanRun(suite: string): Promise<CleanRun | undefined> {
    if (this.#clean.has(suite)) return this.#clean.get(suite);
    const coverage = join(this.sandbox, ".cache/covered");
    let clean: CleanRun | undefined;
    for (let attempt = 0; attempt < 2 && !clean; attempt++) {
      rmSync(coverage, { force: true });
      const started = performance.now();
      if ((await this.#process.run(suite, { coverage }, 15 * 60_000)) !== "passed") continue;
      const covered = new Set(existsSync(coverage) ? readFileSync(coverage, "utf8").split("\n") : []);
      clean = { suite, covered, ms: performance.now() - started };
    }
    if (!clean) {
      console.error(`  ${suite} does not pass without a fault and is left out`);
      this.red.push(suite);
    }
    this.#clean.set(suite, clean);
    return clean;
  }

  async #try(mutant: Mutant, suites: string[], uncounted: boolean): Promise<Outcome> {
    let comeHere = 0;
    for (const suite of suites) {
      const clean = await this.#cleanRun(suite);
      if (!clean || !(uncounted || clean.covered.has(mutant.id))) continue;
      comeHere++;
      const result = await this.#process.run(suite, { active: mutant.id }, 4 * clean.ms + 10_000);
      if (result !== "passed")
        return told({ mutant, result: result === "late" ? "timedOut" : "killed", suites: comeHere });
    }
    return told({ mutant, result: "survived", suites: comeHere });
  }
}

function told(outcome: Outcome): Outcome {
  const { result, mutant } = outcome;
  console.error(
    `  ${result === "survived" ? "SURVIVED" : result} ${mutant.file}:${mutant.line} ${mutant.kind}`,
  );
  return outcome;
}
