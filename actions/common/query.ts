import { assertPlainValue, formatQuery, type Condition, type Operator } from "../../common";
import { withoutSql } from "../../common/query/pitfalls";
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

/** Refuses conditions that are joined as in SQL. */
export function refuseSql(query: string): void {
  const meant = withoutSql(query);
  if (meant !== undefined)
    throw wrongInput(
      `Query: conditions are joined with "^" and alternatives with "^OR", without blanks; "AND" and "OR" would be part of a value. Perhaps: ${meant}`,
    );
}
