import { usageError } from "../errors";
import { all, type Query, type QueryValue } from "./builder";
import { isList, where, type BuilderOptions, type Comparison } from "./comparison";

/** Comparisons in a mapping, by their builder names. */
export type MappingValue =
  QueryValue | null | readonly QueryValue[] | { [K in MappingOperator]?: QueryValue | readonly QueryValue[] };
type MappingOperator =
  | "equals"
  | "notEquals"
  | "in"
  | "notIn"
  | "contains"
  | "notContains"
  | "startsWith"
  | "endsWith"
  | "greaterThan"
  | "greaterOrEqual"
  | "lessThan"
  | "lessOrEqual";

/**
 * The mapping form: every entry must hold. A value means equal, a list one of, null empty, an object its comparisons.
 *
 * @example matching({ active: true, priority: [1, 2], short_description: { contains: "mail" }, assigned_to: null })
 */
export function matching(mapping: Record<string, MappingValue>, options: BuilderOptions = {}): Query {
  return all(
    ...Object.entries(mapping).map(([column, value]) => {
      const comparison = where(column, options);
      if (value === undefined)
        throw usageError(
          `The value for ${column} is undefined`,
          "Leave the column out, or use null for empty",
        );
      if (value === null || typeof value !== "object" || value instanceof Date || isList(value))
        return comparison.equals(value);
      if ("value" in value || "script" in value) return comparison.equals(value);
      const comparisons = Object.entries(value);
      if (comparisons.length === 0)
        throw usageError(
          `The conditions for ${column} are empty, which would match every record`,
          "Leave the column out",
        );
      return all(...comparisons.map(([name, wanted]) => compare(comparison, name, wanted as QueryValue)));
    }),
  );
}

function compare(comparison: Comparison, name: string, value: QueryValue): Query {
  const known: readonly MappingOperator[] = [
    "equals",
    "notEquals",
    "in",
    "notIn",
    "contains",
    "notContains",
    "startsWith",
    "endsWith",
    "greaterThan",
    "greaterOrEqual",
    "lessThan",
    "lessOrEqual",
  ];
  const method = known.find((operator) => operator === name);
  if (!method) throw usageError(`"${name}" is not a comparison`, `One of: ${known.join(", ")}`);
  return comparison[method](value as never);
}
