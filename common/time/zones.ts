import { formatStamp } from "./stamp";

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether this computer knows a time zone of that name (an IANA name such as `Europe/Berlin`). */
export function isZone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

/** Seconds to add to UTC to get the wall clock of the zone at that instant. */
export function offsetAt(zone: string, seconds: number): number {
  const parts = new Map(
    formatFor(zone)
      .formatToParts(seconds * 1000)
      .map((p) => [p.type, Number(p.value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const wall = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return wall / 1000 - seconds;
}

/**
 * The wall-clock text of an instant, or undefined when the same text names a second instant as well (the hour that is
 * lived twice when summer time ends): which of the two an instance means by it is nobody's business to guess.
 */
export function wallClock(zone: string, seconds: number): string | undefined {
  const offset = offsetAt(zone, seconds);
  const wall = seconds + offset;
  // Transitions are months apart, so the offsets just before and after are the only other candidates.
  for (const other of [offsetAt(zone, seconds - 10_800), offsetAt(zone, seconds + 10_800)]) {
    if (other !== offset && offsetAt(zone, wall - other) === other) return undefined;
  }
  return formatStamp(wall);
}
