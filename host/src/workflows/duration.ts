const UNITS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const PART = /(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)(?![a-z])/gi;

/** Longest pause of a run, as on the platform: a year. */
export const LONGEST_DELAY_MS = 366 * 86_400_000;

/** `10m`, `2h 30m`, `1d` in milliseconds; a number without a unit is seconds. Undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  if (trimmed === "" || trimmed.length > 100 || trimmed.replace(PART, "").trim() !== "") return undefined;
  let total = 0;
  for (const [, count, unit = ""] of trimmed.matchAll(PART))
    total += Number(count) * (UNITS[unit.toLowerCase()] ?? NaN);
  return Number.isFinite(total) ? total : undefined;
}
