import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CORE_FILES } from "./mutate/core-files";
import { readEquivalents } from "./mutate/equivalents";
import { plantMutants } from "./mutate/plant";
import { printReport, summary, type Outcome } from "./mutate/report";
import { prepareSandbox } from "./mutate/sandbox";
import { sampleOf } from "./mutate/sample";
import { SuiteRunner } from "./mutate/suite-runner";
import { suitesThatReach } from "./mutate/suites";

const USAGE = `Usage: npm run mutate -- [FILE …] [--sample N] [--seed N] [--suites N]

  FILE       a source file, such as common/query/parse.ts; without one the core files of scripts/mutate/core-files.ts
  --sample   so many faults of each file instead of all
  --suites   how many suites are tried against a fault, the nearest by imports first (25)
  --seed     which ones: the same number draws the same faults (1)`;

/** `npm run mutate`: plants faults, one at a time, and says which of them no suite notices. A table on stderr, JSON on stdout. */
async function main(): Promise<void> {
  const root = join(__dirname, "..");
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: "string" },
      suites: { type: "string", default: "25" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(USAGE);
  const files = positionals.length > 0 ? positionals : CORE_FILES;
  const seed = wholeNumber("--seed", values.seed);
  const sample = values.sample === undefined ? Infinity : wholeNumber("--sample", values.sample);

  const folder = join(root, ".cache/mutate");
  const { mutants, sources } = await plantMutants(root, files);
  const equivalents = readEquivalents(root);
  const sandboxes = prepareSandbox(root, folder, sources, Math.min(2, availableParallelism()));
  const outcomes: Outcome[] = [];
  for (const file of files) {
    const own = mutants.filter((mutant) => mutant.file === file);
    const counted = own.filter((mutant) => !equivalents.has(mutant));
    const chosen = sampleOf(counted, sample, seed);
    const suites = suitesThatReach(root, file).slice(0, wholeNumber("--suites", values.suites));
    console.error(`${file}: ${chosen.length} of ${own.length} faults, ${suites.length} suites`);
    outcomes.push(...(await new SuiteRunner(sandboxes, suites).run(chosen)));
  }
  printReport(outcomes);
  console.log(JSON.stringify(summary(files.length, outcomes)));
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
