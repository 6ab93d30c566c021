import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** The value below which this share of the values lies; NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Median and 95th percentile, in the unit of the values. */
export function spread(values: readonly number[]): { p50: number; p95: number } {
  return { p50: quantile(values, 0.5), p95: quantile(values, 0.95) };
}

/** Runs the check again until it holds. Rejects after `ms`. */
export async function until(
  what: string,
  check: () => Promise<boolean> | boolean,
  ms = 120_000,
  pauseMs = 20,
): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end; await delay(pauseMs))
    if (await check()) return;
  throw new Error(`Not within ${ms} ms: ${what}`);
}

/** Calls `work` for each number below `count`, so many at a time. */
export async function inParallel(
  count: number,
  atATime: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: atATime }, lane));
}

/** How many processes want a processor, on average over the last minute: figures of a busy machine are no figures. */
export function loadAverage(): number {
  return Number(readFileSync("/proc/loadavg", "latin1").split(" ")[0]);
}
