import {
  assertPlainValue,
  checkQuery,
  formatQuery,
  queryError,
  type Condition,
  type Operator,
} from "../../common";
import { wrongInput } from "./input";

/** A query that holds where every column has its value; columns without one are left out. */
export function equals(values: Record<string, string | undefined>): string {
  return allOf(Object.entries(values).map(([field, value]) => [field, "=", value]));
}

/** A query of conditions that must all hold; those without a value are left out. */
export function allOf(
  conditions: readonly [field: string, operator: Operator, value: string | undefined][],
): string {
  const clauses = conditions.flatMap(([field, operator, value]): Condition[][] =>
    value === undefined || value === "" ? [] : [[{ field, operator, value: assertPlainValue(field, value) }]],
  );
  return formatQuery({ groups: [clauses], order: [] });
}

/** Refuses a query that ServiceNow would read otherwise than meant. */
export function refuseUnsafeQuery(query: string): void {
  const problems = checkQuery(query);
  if (problems.length > 0) throw wrongInput(`Query: ${queryError(problems).message}`);
}
