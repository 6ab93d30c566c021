import { wrongInput } from "./input";

/** Values without those that were not given: a text of blanks says nothing either. */
export function given(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) =>
        value !== undefined && value !== null && (typeof value !== "string" || value.trim() !== ""),
    ),
  );
}

/** Stops an update that would change nothing. */
export function somethingToWrite(values: Record<string, unknown>): Record<string, unknown> {
  if (Object.keys(values).length === 0)
    throw wrongInput("There is nothing to change: give at least one field.");
  return values;
}
