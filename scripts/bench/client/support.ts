import type { OAuth } from "../../../common";

export const FIELDS = [
  "sys_id",
  "number",
  "short_description",
  "state",
  "priority",
  "impact",
  "urgency",
  "category",
  "assignment_group",
  "assigned_to",
  "sys_created_on",
  "sys_updated_on",
] as const;
export const AUTH: OAuth = {
  type: "oauth",
  grant: "password",
  clientId: "demo-client",
  clientSecret: "demo-secret",
  username: "admin",
  password: "admin",
};

export async function timed<T>(task: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const started = performance.now();
  const value = await task();
  return { ms: performance.now() - started, value };
}

export function settledMemory(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().rss;
}

export function lastToFirst(times: number[]): number {
  return median(times.slice(-10)) / median(times.slice(0, 10));
}

export function sum(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
