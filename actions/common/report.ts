import type { ActionStep } from "../../components";

/** What went otherwise than the step was asked, one sentence each; usually none. */
export type Warnings = readonly string[];

/**
 * Exports the line about what a step did, and beside it, as `$warnings`, what went otherwise than asked: a value that the instance did not store,
 * a column that it does not have. Nothing is exported where there is nothing to warn of.
 */
export function report($: Pick<ActionStep, "export">, summary: string, warnings: Warnings = []): void {
  $.export("$summary", summary);
  if (warnings.length > 0) $.export("$warnings", [...warnings]);
}
