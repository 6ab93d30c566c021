import { inspect } from "node:util";
import type { ComponentError } from "../protocol";

/** JSON text of anything: cycles, big integers, streams and throwing getters are described instead of failing. `undefined` stays so. */
export function safeStringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    try {
      return JSON.stringify(withoutCycles(value, []));
    } catch {
      return JSON.stringify(inspect(value, { depth: 2 }));
    }
  }
}

function withoutCycles(value: unknown, above: object[]): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value)) return "[Circular]";
  if (above.length > 20) return "[Too deep]";
  const path = [...above, value];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (isStream(value)) return `[${value.constructor?.name ?? "Stream"}]`;
  if (Array.isArray(value)) return value.map((item) => withoutCycles(item, path) ?? null);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutCycles(item, path)]));
}

function isStream(value: object): boolean {
  return typeof (value as { pipe?: unknown }).pipe === "function";
}

/** Whatever a component threw, as name and message. Platform 3.4 deletes `stack`, and some throw texts. */
export function toComponentError(thrown: unknown): ComponentError {
  if (typeof thrown !== "object" || thrown === null)
    return { name: "Error", message: `The component threw ${inspect(thrown)}.` };
  const error = thrown as Record<
    "name" | "message" | "stack" | "field" | "status" | "response" | "problems",
    unknown
  >;
  const status = Number(error.status ?? (error.response as { status?: unknown } | undefined)?.status);
  const name = typeof error.name === "string" && error.name !== "" ? error.name : "Error";
  const message =
    typeof error.message === "string" && error.message !== ""
      ? error.message
      : inspect(thrown, { depth: 1 }).slice(0, 2000);
  return {
    name,
    message: withCause(message, thrown).slice(0, 20_000),
    ...(typeof error.stack === "string" && name !== "ConfigurationError"
      ? { stack: error.stack.slice(0, 4000) }
      : {}),
    ...(Number.isInteger(status) && status > 0 ? { status } : {}),
    ...(typeof error.field === "string" ? { field: error.field } : {}),
    ...(Array.isArray(error.problems) ? { problems: error.problems as ComponentError["problems"] } : {}),
  };
}

/** `fetch` says only that it failed, and keeps the reason apart. */
function withCause(message: string, thrown: object): string {
  if (message !== "fetch failed") return message;
  const { cause } = thrown as { cause?: unknown };
  if (!(cause instanceof Error)) return message;
  const reasons = cause instanceof AggregateError ? (cause.errors as unknown[]) : [cause];
  const said = reasons.map((reason) => (reason instanceof Error ? reason.message : "")).filter(Boolean);
  const reason = said.join("; ") || (cause as NodeJS.ErrnoException).code;
  return reason ? `${message}: ${reason}` : message;
}
