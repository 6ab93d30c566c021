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

/** The score of one file, as the table shows it. */
export function fileLine(file: string, outcomes: Outcome[]): string {
  const { score, mutants, survived, timedOut } = summary(1, outcomes);
  return `${score.toFixed(1).padStart(6)} ${String(mutants).padStart(6)} ${String(survived).padStart(8)} ${String(timedOut).padStart(9)}  ${file}`;
}

/** A line for each file, the lowest score first, and each survivor with what was changed. */
export function printReport(outcomes: Outcome[]): void {
  const rows = [...new Set(outcomes.map(({ mutant }) => mutant.file))]
    .map((file) => ({ file, own: outcomes.filter(({ mutant }) => mutant.file === file) }))
    .sort((a, b) => summary(1, a.own).score - summary(1, b.own).score);
  console.error(
    `\n${"score".padStart(6)} ${"faults".padStart(6)} ${"survived".padStart(8)} ${"timed out".padStart(9)}  file`,
  );
  for (const { file, own } of rows) console.error(fileLine(file, own));
  const survivors = outcomes.filter(({ result }) => result === "survived");
  if (survivors.length > 0) console.error("\nNobody noticed:");
  for (const { mutant, suites } of survivors)
    console.error(
      `${mutant.file}:${mutant.line} ${mutant.kind}${suites === 0 ? " (no suite comes here)" : ""}\n  - ${short(mutant.original)}\n  + ${short(mutant.replacement)}`,
    );
}

const short = (code: string): string => (code.length > 200 ? `${code.slice(0, 200)} …` : code);
