import { parseStamp } from "../../common/change-feed";
import { isBlank, optionOf, plainValue, wrongInput } from "../../apps/servicenow/input";
import { utcTime } from "../../apps/servicenow/utc-time";

export interface StartProps {
  startFrom?: string | undefined;
  startDate?: string | undefined;
}

/** What is said where only values of the present can be read, so that nothing of the past can be told. */
export const needsHistory = (what: string): Error =>
  wrongInput(
    `Start From: what happened before cannot be found out, because the account may not read ${what}. Ask an administrator for read access to it, or choose another Start From.`,
  );

const STARTS = [
  { label: "The newest records (at most 25)", value: "newest" },
  { label: "Now: nothing that is there already", value: "now" },
  { label: "A date", value: "date" },
  { label: "Everything that is there", value: "everything" },
] as const;

/** Where a source starts: at the present, or with the records from a moment on. */
export type StartFrom = { first: number } | { from: number };

export const startFrom = {
  type: "string",
  label: "Start From",
  description:
    "What to emit of the records that are there already when the source is deployed: the newest 25 (`newest`), none (`now`), those since **Start Date** (`date`), or all (`everything`). Old records come oldest first, up to 5,000 with each poll, and new ones beside them. A later change of this setting has no effect. The newest if empty.",
  optional: true,
  default: "newest",
  options: STARTS,
} as const;

export const startDate = {
  type: "string",
  label: "Start Date",
  description:
    "Only with **Start From** set to a date: a date such as `2026-07-30`, a time in UTC such as `2026-07-30 14:05:00`, or an ISO 8601 time with its zone.",
  optional: true,
} as const;

/** What the two props say. Throws a ConfigurationError for a date that is missing, or given where it would be ignored. */
export function startOf({ startFrom: given, startDate: date }: StartProps): StartFrom {
  const start = optionOf(given, STARTS, "Start From") ?? "newest";
  const hasDate = !isBlank(plainValue(date));
  if (start === "date") {
    if (!hasDate) throw wrongInput("Start Date is missing. Give one, or choose another Start From.");
    return { from: parseStamp(utcTime(date, "Start Date")) };
  }
  if (hasDate)
    throw wrongInput(`Start Date is given, but Start From is "${start}". Set Start From to "date".`);
  return start === "everything" ? { from: 0 } : { first: start === "now" ? 0 : 25 };
}
