import { usageError } from "../errors";

/** The longest a timer can run, some 24 days; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/** Milliseconds as a timer can take them. */
export const timerMs = (ms: number): number => Math.min(ms, LONGEST);

/** The limit itself; `Infinity` is one. @throws ServiceNowError `usage` unless it is a number above 0 */
export function checkLimit(name: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(typeof value === "number" && value > 0))
    throw usageError(`${name} must be a number above 0`);
  return value;
}
