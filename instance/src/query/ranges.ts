/** Calendar arithmetic on local times held as if they were UTC, in milliseconds. */
export type Unit = "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";

const fixed = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 };
const months = { month: 1, quarter: 3, year: 12 };
const isFixed = (unit: Unit): unit is keyof typeof fixed => unit in fixed;
/** What is left of a time after whole units, also before 1970. */
const within = (time: number, length: number): number => ((time % length) + length) % length;

/** Start of the unit that the time lies in. Weeks start on Monday. */
export function startOf(time: number, unit: Unit): number {
  const date = new Date(time);
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  switch (unit) {
    case "minute":
    case "hour":
      return time - within(time, fixed[unit]);
    case "day":
      return day;
    case "week":
      return day - ((date.getUTCDay() + 6) % 7) * fixed.day;
    case "month":
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    case "quarter":
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - (date.getUTCMonth() % 3), 1);
    case "year":
      return Date.UTC(date.getUTCFullYear(), 0, 1);
  }
}

/** The time moved by so many units; a day that the target month lacks becomes its last. */
export function shift(time: number, unit: Unit, count: number): number {
  if (isFixed(unit)) return time + fixed[unit] * count;
  const date = new Date(time);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months[unit] * count, 1);
  const target = new Date(first);
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), last);
  return first + (day - 1) * fixed.day + within(time, fixed.day);
}

/** Spans by the names of `gs.beginningOfX()` and `gs.endOfX()`: unit, first unit relative to now, one past the last. */
const spans: Record<string, [Unit, number, number]> = {
  Today: ["day", 0, 1],
  Yesterday: ["day", -1, 0],
  Tomorrow: ["day", 1, 2],
  ThisWeek: ["week", 0, 1],
  LastWeek: ["week", -1, 0],
  NextWeek: ["week", 1, 2],
  ThisMonth: ["month", 0, 1],
  LastMonth: ["month", -1, 0],
  NextMonth: ["month", 1, 2],
  Last3Months: ["month", -3, 1],
  Last6Months: ["month", -6, 1],
  Last9Months: ["month", -9, 1],
  Last12Months: ["month", -12, 1],
  ThisQuarter: ["quarter", 0, 1],
  LastQuarter: ["quarter", -1, 0],
  NextQuarter: ["quarter", 1, 2],
  Last2Quarters: ["quarter", -2, 0],
  Next2Quarters: ["quarter", 1, 3],
  NextTwoQuarters: ["quarter", 1, 3],
  LastTwoQuarters: ["quarter", -2, 0],
  ThisYear: ["year", 0, 1],
  LastYear: ["year", -1, 0],
  NextYear: ["year", 1, 2],
  Last2Years: ["year", -2, 1],
  LastTwoYears: ["year", -2, 1],
  Last7Days: ["day", -7, 1],
  Last30Days: ["day", -30, 1],
  Last60Days: ["day", -60, 1],
  Last90Days: ["day", -90, 1],
  Last120Days: ["day", -120, 1],
  CurrentHour: ["hour", 0, 1],
  LastHour: ["hour", -1, 0],
  Last2Hours: ["hour", -2, 0],
  CurrentMinute: ["minute", 0, 1],
  LastMinute: ["minute", -1, 0],
  Last15Minutes: ["minute", -15, 1],
  Last30Minutes: ["minute", -30, 1],
  Last45Minutes: ["minute", -45, 1],
  OneYearAgo: ["year", -1, 0],
};

/** Both ends, inclusive, of a named span around the local time `now`. Undefined for an unknown name. */
export function namedSpan(name: string, now: number): { start: number; end: number } | undefined {
  const span = Object.hasOwn(spans, name) ? spans[name] : undefined;
  if (!span) return undefined;
  const [unit, from, to] = span;
  if (name === "OneYearAgo") {
    const day = startOf(shift(now, "year", -1), "day");
    return { start: day, end: day + fixed.day - 1000 };
  }
  const base = startOf(now, unit);
  return { start: shift(base, unit, from), end: shift(base, unit, to) - 1000 };
}

export const spanNames = Object.keys(spans);
