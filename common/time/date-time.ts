import { usageError } from "../errors";

/** Wall-clock parts of a moment in a zone. */
function partsIn(date: Date, zone: string): [number, number, number, number, number, number] {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const found = Object.fromEntries(
    format.formatToParts(date).map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: string): number => found[name] ?? 0;
  return [part("year"), part("month"), part("day"), part("hour"), part("minute"), part("second")];
}

/**
 * A moment as ServiceNow writes it, `YYYY-MM-DD HH:MM:SS`. In UTC unless a zone is named (for instances that read literals
 * in the account's zone).
 */
export function formatDateTime(date: Date, zone = "UTC"): string {
  if (Number.isNaN(date.getTime())) throw usageError("The date is not valid");
  if (zone === "UTC") return date.toISOString().slice(0, 19).replace("T", " ");
  const [year, ...rest] = partsIn(date, checkZone(zone)).map((part) => String(part).padStart(2, "0"));
  const [month, day, hour, minute, second] = rest;
  return `${(year ?? "").padStart(4, "0")}-${month}-${day} ${hour}:${minute}:${second}`;
}

/**
 * The moment that a stored date-time stands for. Null for anything that is not one. Of a wall-clock time that a zone has
 * twice, the earlier moment; of one it skips, the moment after the gap.
 */
export function parseDateTime(text: string, zone = "UTC"): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?$/.exec(text.trim());
  if (!match) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(asUtc);
  if (
    back.getUTCMonth() !== month - 1 ||
    back.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  )
    return null;
  if (zone === "UTC") return back;
  const offsets = [-86_400_000, 86_400_000].map((around) =>
    offsetAt(new Date(asUtc + around), checkZone(zone)),
  );
  const fits = offsets
    .map((offset) => new Date(asUtc - offset))
    .filter((date) => date.getTime() + offsetAt(date, zone) === asUtc)
    .sort((a, b) => a.getTime() - b.getTime());
  return fits[0] ?? new Date(asUtc - Math.min(...offsets));
}

/** First and last second of a calendar day (`YYYY-MM-DD`) in a zone; 23 or 25 hours long when the clocks change. */
export function dayBounds(day: string, zone = "UTC"): { from: Date; to: Date } {
  const from = /^[1-9]\d{3}-\d{2}-\d{2}$/.test(day) ? parseDateTime(day, zone) : null;
  if (!from) throw usageError(`"${day}" is not a day`, "Write it as YYYY-MM-DD");
  const next = new Date(
    Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)) + 1),
  );
  const end = parseDateTime(next.toISOString().slice(0, 10), zone);
  return { from, to: new Date((end ?? next).getTime() - 1000) };
}

function offsetAt(date: Date, zone: string): number {
  const [year, month, day, hour, minute, second] = partsIn(date, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(date.getTime() / 1000) * 1000;
}

function checkZone(zone: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    throw usageError(`"${zone}" is not a time zone`, "Use a name such as Europe/Berlin");
  }
}

const FUNCTIONS = {
  Today: "Today",
  Yesterday: "Yesterday",
  Tomorrow: "Tomorrow",
  "This week": "ThisWeek",
  "Last week": "LastWeek",
  "Next week": "NextWeek",
  "This month": "ThisMonth",
  "Last month": "LastMonth",
  "Next month": "NextMonth",
  "Last 3 months": "Last3Months",
  "Last 6 months": "Last6Months",
  "Last 9 months": "Last9Months",
  "Last 12 months": "Last12Months",
  "This quarter": "ThisQuarter",
  "Last quarter": "LastQuarter",
  "Last 2 quarters": "Last2Quarters",
  "Next quarter": "NextQuarter",
  "Next 2 quarters": "Next2Quarters",
  "This year": "ThisYear",
  "Last year": "LastYear",
  "Next year": "NextYear",
  "Last 2 years": "Last2Years",
  "Last 7 days": "Last7Days",
  "Last 30 days": "Last30Days",
  "Last 60 days": "Last60Days",
  "Last 90 days": "Last90Days",
  "Last 120 days": "Last120Days",
  "Current hour": "CurrentHour",
  "Last hour": "LastHour",
  "Last 2 hours": "Last2Hours",
  "Current minute": "CurrentMinute",
  "Last minute": "LastMinute",
  "Last 15 minutes": "Last15Minutes",
  "Last 30 minutes": "Last30Minutes",
  "Last 45 minutes": "Last45Minutes",
  "One year ago": "OneYearAgo",
} as const;

/** The date ranges that ServiceNow's filters offer by name. The instance works them out, in the account's zone. */
export type DateRange = keyof typeof FUNCTIONS;

/** The 36 names, in the order of the filter. */
export const DATE_RANGES = Object.keys(FUNCTIONS) as DateRange[];

/** The value that `ON` and `NOTON` take for a named range. */
export function rangeValue(range: DateRange): string {
  const name = FUNCTIONS[range];
  if (!name)
    throw usageError(`"${String(range)}" is not a named date range`, `One of: ${DATE_RANGES.join(", ")}`);
  return `${range}@javascript:gs.beginningOf${name}()@javascript:gs.endOf${name}()`;
}
