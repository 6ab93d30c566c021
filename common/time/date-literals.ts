import { formatStamp } from "./stamp";

import { isZone, offsetAt, wallClock } from "./zones";

/** Date literals for query bounds. A bound that cannot be exact is early at the lower end and late at the upper, never the reverse. */
export interface Literals {
  /** The literal that names exactly this instant; undefined when there is none. */
  exact(seconds: number): string | undefined;
  /** A nearby instant at or before this one that has an exact literal. */
  before(seconds: number): { seconds: number; literal: string };
  /** A nearby instant at or after this one that has an exact literal. */
  after(seconds: number): { seconds: number; literal: string };
}

const HALF_HOUR = 1800;

/** No zone is further from UTC than this, so a literal shifted by it is early (or late) whatever the reading. */
const FURTHEST = 15 * 3600;

/** The literals for a reading. Of an unknown one none is exact, and those nearby are 30 hours off, which is safe whatever the zone. */
export function literalsFor(reading: DateLiteralMode): Literals {
  if (reading.kind === "utc") {
    const named = (seconds: number) => ({ seconds, literal: formatStamp(seconds) });
    return { exact: formatStamp, before: named, after: named };
  }
  if (reading.kind === "unknown") {
    return {
      exact: () => undefined,
      before: (seconds) => ({ seconds: seconds - 2 * FURTHEST, literal: formatStamp(seconds - FURTHEST) }),
      after: (seconds) => ({ seconds: seconds + 2 * FURTHEST, literal: formatStamp(seconds + FURTHEST) }),
    };
  }
  const { zone } = reading;
  const seek = (seconds: number, step: number) => {
    for (let at = seconds; ; at += step) {
      const literal = wallClock(zone, at);
      if (literal !== undefined) return { seconds: at, literal };
    }
  };
  return {
    exact: (seconds) => wallClock(zone, seconds),
    before: (seconds) => seek(seconds, -HALF_HOUR),
    after: (seconds) => seek(seconds, HALF_HOUR),
  };
}

/**
 * Measures how the instance reads a date literal, with a record whose stored time is known. ServiceNow documents neither
 * answer for REST reads. A literal that names no such second in UTC is tried as the user's wall clock. Undefined: neither fits.
 */
export async function measureDateLiteralMode(options: {
  /** Whether the probe record is found between the two literals, both included. */
  isBetween: (from: string, to: string) => Promise<boolean>;
  time: number;
  zone?: () => Promise<string | undefined>;
}): Promise<DateLiteralMode | undefined> {
  const { isBetween, time } = options;
  const utc = formatStamp(time);
  if (await isBetween(utc, utc)) return { kind: "utc" };
  const zone = await options.zone?.();
  if (!zone || !isZone(zone)) return undefined;
  const reading: DateLiteralMode = { kind: "zone", zone };
  const literals = literalsFor(reading);
  // A zone that has UTC's time of day was refuted just now, but for the hour it lives twice.
  if (offsetAt(zone, time) === 0 && literals.exact(time) !== undefined) return undefined;
  const found = await isBetween(literals.before(time).literal, literals.after(time).literal);
  return found ? reading : undefined;
}

/** How the instance reads a date literal in a query: as UTC, in the user's zone, or not known yet (no record to measure with). */
export type DateLiteralMode = { kind: "utc" } | { kind: "zone"; zone: string } | { kind: "unknown" };
