import { isRecord } from "./description";
import type { Read } from "./reading";
import { shown } from "./wording";

export type Schedule = { intervalSeconds: number } | { cron: string; timezone?: string };

const longestIntervalSeconds = 366 * 24 * 3600;

/** The sizes in which people give an interval. */
export const unitSeconds = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
export type ScheduleUnit = keyof typeof unitSeconds;

/** The largest unit in which an interval is a whole number, and that number: 7,200 seconds are 2 hours. */
export function inWholeUnits(seconds: number): { amount: number; unit: ScheduleUnit } {
  for (const unit of ["days", "hours", "minutes"] as const)
    if (seconds % unitSeconds[unit] === 0) return { amount: seconds / unitSeconds[unit], unit };
  return { amount: seconds, unit: "seconds" };
}

/** Reads the value of a timer prop. Whether its cron fields can ever come together is for the scheduler to say. */
export function readSchedule(value: unknown): Read<Schedule> {
  const takes = 'it takes {"intervalSeconds": 60} or {"cron": "0 * * * *"}';
  if (!isRecord(value)) return { problem: `must be a schedule, and is ${shown(value)}; ${takes}` };
  const { intervalSeconds, cron, timezone } = value;
  if (intervalSeconds !== undefined && intervalSeconds !== null) return readInterval(intervalSeconds);
  if (typeof cron !== "string" || cron.trim() === "")
    return { problem: `must be a schedule, and has neither intervalSeconds nor cron; ${takes}` };
  return readCron(cron.trim().replace(/\s+/g, " "), timezone);
}

function readInterval(given: unknown): Read<Schedule> {
  const isNumeric = typeof given === "number" || (typeof given === "string" && given.trim() !== "");
  const seconds = isNumeric ? Number(given) : NaN;
  if (seconds >= 1 && seconds <= longestIntervalSeconds) return { value: { intervalSeconds: seconds } };
  return {
    problem: `must have as intervalSeconds a number from 1 to ${longestIntervalSeconds} (366 days), and has ${shown(given)}`,
  };
}

function readCron(cron: string, timezone: unknown): Read<Schedule> {
  if (timezone !== undefined && timezone !== null && typeof timezone !== "string")
    return { problem: `must have as timezone a text such as "Europe/Berlin", and has ${shown(timezone)}` };
  const zone = timezone?.trim();
  if (zone && !isTimeZone(zone))
    return {
      problem: `names the time zone "${zone}", which does not exist; it takes a name such as "Europe/Berlin"`,
    };
  const fields = cron.split(" ").length;
  if (fields !== 5)
    return {
      problem:
        `has the cron expression "${cron}", which has ${fields === 1 ? "one field" : `${fields} fields`}; it takes five fields ` +
        '(minute, hour, day of month, month, day of week), such as "0 9 * * 1-5"',
    };
  return { value: zone ? { cron, timezone: zone } : { cron } };
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).format() !== "";
  } catch {
    return false;
  }
}

/** A schedule in words: "every 15 minutes", "at 0 9 * * 1-5 (Europe/Berlin)"; undefined for what is no schedule. */
export function scheduleInWords(schedule: unknown): string | undefined {
  const read = readSchedule(schedule);
  if ("problem" in read) return undefined;
  if ("cron" in read.value) return `at ${read.value.cron} (${read.value.timezone ?? "UTC"})`;
  const { amount, unit } = inWholeUnits(read.value.intervalSeconds);
  return amount === 1 ? `every ${unit.slice(0, -1)}` : `every ${amount} ${unit}`;
}
