import type { Mutant } from "./plant";

export interface Outcome {
  mutant: Mutant;
  result: "killed" | "survived" | "timedOut";
  /** How many suites come across the fault. */
  suites: number;
}

/** What stdout says. `score` is the share of faults that were noticed, in per cent. */
export interface Summary {
  files: number;
  mutants: number;
  killed: number;
  survived: number;
  timedOut: number;
  score: number;
}

export function summary(files: number, outcomes: Outcome[]): Summary {
  const count = (result: Outcome["result"]) => outcomes.filter((outcome) => outcome.result === result).length;
  const noticed = count("killed") + count("timedOut");
  const score = outcomes.length === 0 ? 100 : Math.round((1000 * noticed) / outcomes.length) / 10;
  return {
    files,
    mutants: outcomes.length,
    killed: count("killed"),
    survived: count("survived"),
    timedOut: count("timedOut"),
    score,
  };
}

/** A line for each file, the lowest score first, and each survivor with what was changed. */
export function printReport(outcomes: Outcome[]): void {
  const files = [...new Set(outcomes.map(({ mutant }) => mutant.file))];
  const rows = files
    .map((file) => ({
      file,
      ...summary(
        1,
        outcomes.filter(({ mutant }) => mutant.file === file),
      ),
    }))
    .sort((a, b) => a.score - b.score);
  console.error(
    `\n${"score".padStart(6)} ${"faults".padStart(6)} ${"survived".padStart(8)} ${"timed out".padStart(9)}  file`,
  );
  for (const { file, score, mutants, survived, timedOut } of rows)
    console.error(
      `${score.toFixed(1).padStart(6)} ${String(mutants).padStart(6)} ${String(survived).padStart(8)} ${String(timedOut).padStart(9)}  ${file}`,
    );
  const survivors = outcomes.filter(({ result }) => result === "survived");
  if (survivors.length > 0) console.error("\nNobody noticed:");
  for (const { mutant, suites } of survivors)
    console.error(
      `${mutant.file}:${mutant.line} ${mutant.kind}${suites === 0 ? " (no suite comes here)" : ""}\n  - ${short(mutant.original)}\n  + ${short(mutant.replacement)}`,
    );
}

const short = (code: string): string => (code.length > 200 ? `${code.slice(0, 200)} …` : code);
