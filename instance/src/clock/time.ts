const stampForm = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?Z?)?$/;

/** `YYYY-MM-DD HH:MM:SS` in UTC, as ServiceNow stores it. */
export function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}

/** Milliseconds of a stored stamp; a bare date is its midnight. Undefined for anything that is not a date. */
export function parseStamp(text: string): number | undefined {
  const parts = stampForm.exec(text.trim());
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 ? time : undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();
const quarter = 15 * 60_000;

/** What must be added to UTC to get the zone's local time, in milliseconds. An unknown zone counts as UTC. */
export function zoneOffset(zone: string, milliseconds: number): number {
  if (zone === "UTC" || zone === "GMT" || !Number.isFinite(milliseconds)) return 0;
  const bucket = Math.floor(milliseconds / quarter);
  const key = `${zone}|${bucket}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const start = bucket * quarter;
  let offset = 0;
  const format = formatFor(zone);
  if (format) {
    const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of format.formatToParts(start))
      if (type in part) part[type as keyof typeof part] = Number(value);
    offset = Date.UTC(part.year, part.month - 1, part.day, part.hour % 24, part.minute, part.second) - start;
  }
  if (offsets.size > 50_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** The instant at which the zone's clocks show this local time. A skipped hour maps forward, a repeated one to its first. */
export function localToUtc(local: number, zone: string): number {
  const before = local - zoneOffset(zone, local - 86_400_000);
  if (before + zoneOffset(zone, before) === local) return before;
  const after = local - zoneOffset(zone, local + 86_400_000);
  if (after + zoneOffset(zone, after) === local) return after;
  return before;
}

function formatFor(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
    return format;
  } catch {
    return undefined;
  }
}

/** Writes a time in Java's pattern letters (`yyyy MM dd HH hh mm ss a`), as users' formats are given. */
export function formatLocal(local: number, pattern: string): string {
  const date = new Date(local);
  if (pattern === "yyyy-MM-dd HH:mm:ss") return stamp(local);
  const hour = date.getUTCHours();
  const values: Record<string, string> = {
    yyyy: String(date.getUTCFullYear()).padStart(4, "0"),
    MM: two(date.getUTCMonth() + 1),
    dd: two(date.getUTCDate()),
    HH: two(hour),
    hh: two(hour % 12 || 12),
    mm: two(date.getUTCMinutes()),
    ss: two(date.getUTCSeconds()),
    a: hour < 12 ? "AM" : "PM",
  };
  return pattern.replace(/yyyy|MM|dd|HH|hh|mm|ss|a/g, (letters) => values[letters] ?? letters);
}

/** Reads what `formatLocal` writes. Undefined when the text does not fit the pattern. */
export function parseLocal(text: string, pattern: string): number | undefined {
  const names: string[] = [];
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/yyyy|MM|dd|HH|hh|mm|ss|a/g, (letters) => {
      names.push(letters);
      return letters === "a" ? "(AM|PM|am|pm)" : letters === "yyyy" ? "(\\d{4})" : "(\\d{1,2})";
    });
  const found = new RegExp(`^${source}$`).exec(text.trim());
  if (!found) return undefined;
  const part: Partial<Record<string, number>> = {};
  names.forEach((name, at) => {
    const value = found[at + 1] ?? "";
    part[name] = name === "a" ? (/^p/i.test(value) ? 12 : 0) : Number(value);
  });
  const hour = part.HH ?? (part.hh === undefined ? 0 : (part.hh % 12) + (part.a ?? 0));
  return Date.UTC(part.yyyy ?? 1970, (part.MM ?? 1) - 1, part.dd ?? 1, hour, part.mm ?? 0, part.ss ?? 0);
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** `1 Day 4 Hours 23 Minutes`; seconds alone when there is nothing larger. Takes the stored epoch form. */
export function durationWords(stored: string): string {
  let seconds = Math.max(0, Math.round((parseStamp(stored) ?? 0) / 1000));
  const words: string[] = [];
  for (const [unit, size] of [
    ["Day", 86_400],
    ["Hour", 3600],
    ["Minute", 60],
  ] as const) {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  if (words.length === 0) words.push(`${seconds} Second${seconds === 1 ? "" : "s"}`);
  return words.join(" ");
}
