import { join } from "node:path";
import { parseArgs } from "node:util";
import { CORE_FILES } from "./mutate/core-files";
import { readEquivalents } from "./mutate/equivalents";
import { plantMutants } from "./mutate/plant";
import { fileLine, printReport, summary, type Outcome } from "./mutate/report";
import { prepareSandbox } from "./mutate/sandbox";
import { sampleOf } from "./mutate/sample";
import { SuiteRunner } from "./mutate/suite-runner";
import { suitesThatReach } from "./mutate/suites";

const USAGE = `Usage: npm run mutate -- [FILE …] [--sample N] [--seed N] [--suites N]

  FILE       a source file, such as common/query/parse.ts; without one the core files of scripts/mutate/core-files.ts
  --sample   so many faults of each file instead of all
  --seed     which ones: the same number draws the same faults (1)
  --suites   how many suites of each kind are tried, the nearest by imports first (25): those within jest's own process, then those
             that start a host or an instance
  --in-process  only the first kind: seconds instead of minutes a file, and a score that is at most too low`;

/** `npm run mutate`: plants faults, one at a time, and says which of them no suite notices. A table on stderr, JSON on stdout. */
async function main(): Promise<void> {
  const root = join(__dirname, "..");
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: "string" },
      suites: { type: "string", default: "25" },
      seed: { type: "string", default: "1" },
      "in-process": { type: "boolean", default: false },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(USAGE);
  const files = positionals.length > 0 ? positionals : CORE_FILES;
  const seed = wholeNumber("--seed", values.seed);
  const sample = values.sample === undefined ? Infinity : wholeNumber("--sample", values.sample);

  const suitesAtMost = wholeNumber("--suites", values.suites);

  const { mutants, sources } = await plantMutants(root, files);
  const equivalents = readEquivalents(root);
  const sandbox = prepareSandbox(root, join(root, ".cache/mutate"), sources, !values["in-process"]);
  const runner = new SuiteRunner(sandbox);
  const outcomes: Outcome[] = [];
  try {
    for (const file of files) {
      const own = mutants.filter((mutant) => mutant.file === file);
      const counted = own.filter((mutant) => !equivalents.has(mutant));
      const chosen = sampleOf(counted, sample, seed);
      const suites = suitesThatReach(sandbox, file, suitesAtMost);
      if (values["in-process"]) suites.startPrograms = [];
      console.error(
        `${file}: ${chosen.length} of ${own.length} faults, ${suites.inProcess.length} + ${suites.startPrograms.length} suites`,
      );
      const found = await runner.run(chosen, suites);
      outcomes.push(...found);
      console.error(fileLine(file, found));
    }
  } finally {
    runner.stop();
  }
  printReport(outcomes);
  console.log(JSON.stringify(summary(files.length, outcomes)));
  if (runner.red.length === 0) return;
  console.error(
    `\nThese suites fail without a fault, so the figures leave them out: ${runner.red.join(", ")}`,
  );
  process.exitCode = 1;
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`${name} takes a whole number, and got "${text}".\n\n${USAGE}`);
  return number;
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
