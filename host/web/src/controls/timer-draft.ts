import {
  inWholeUnits,
  readSchedule,
  unitSeconds,
  type ScheduleUnit,
} from "../../../../components/prop-rules";

/** A schedule while it is edited. */
export interface TimerDraft {
  mode: "every" | "cron";
  amount: string;
  unit: ScheduleUnit;
  cron: string;
  timezone: string;
}

const blank: TimerDraft = {
  mode: "every",
  amount: "15",
  unit: "minutes",
  cron: "0 * * * *",
  timezone: "UTC",
};

/** What the editor starts with for a default or a stored schedule. */
export function timerDraft(start: unknown): TimerDraft {
  const read = readSchedule(start);
  if ("problem" in read) return blank;
  if ("cron" in read.value)
    return { ...blank, mode: "cron", cron: read.value.cron, timezone: read.value.timezone ?? "UTC" };
  const { amount, unit } = inWholeUnits(read.value.intervalSeconds);
  return { ...blank, amount: String(amount), unit };
}

/** The schedule as it is sent, not yet checked. */
export function scheduleOf(draft: TimerDraft): Record<string, unknown> {
  if (draft.mode === "cron")
    return { cron: draft.cron.trim().replace(/\s+/g, " "), timezone: draft.timezone || "UTC" };
  const amount = draft.amount.trim();
  return { intervalSeconds: amount === "" ? "" : Number(amount) * unitSeconds[draft.unit] };
}
