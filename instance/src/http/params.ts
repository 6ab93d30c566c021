import type { DisplayValue } from "../records/serialise";
import { errors } from "../core/errors";

/** A parameter that is there and not empty; an empty one counts as absent. */
export function param(query: URLSearchParams, name: string): string | undefined {
  return query.get(name) || undefined;
}

/** Booleans in any case. */
export function flag(query: URLSearchParams, name: string): boolean {
  return param(query, name)?.trim().toLowerCase() === "true";
}

export function displayValue(query: URLSearchParams): DisplayValue {
  const value = param(query, "sysparm_display_value")?.trim().toLowerCase();
  return value === "true" || value === "all" ? value : "false";
}

/** @throws ApiError 400 for anything but a positive whole number */
export function limit(query: URLSearchParams, fallback: number, name = "sysparm_limit"): number {
  const text = param(query, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text.trim()) || value <= 0)
    throw errors.badRequest(`Invalid value given for ${name}`, `${name} must be a positive integer`);
  return Math.min(value, 2_000_000_000);
}

/** @throws ApiError 400 for anything but a whole number from 0 */
export function offset(query: URLSearchParams, name = "sysparm_offset"): number {
  const text = param(query, name);
  if (text === undefined) return 0;
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text.trim()) || value < 0)
    throw errors.badRequest(`Invalid value given for ${name}`, `${name} must be a non-negative integer`);
  return Math.min(value, 2_000_000_000);
}

export function fieldList(query: URLSearchParams, name = "sysparm_fields"): string[] | undefined {
  const fields = param(query, name)
    ?.split(",")
    .map((field) => field.trim())
    .filter(Boolean);
  return fields && fields.length > 0 ? [...new Set(fields)] : undefined;
}
