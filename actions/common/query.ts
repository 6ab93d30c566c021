import { assertPlainValue, formatQuery, parseQuery, type Condition, type Operator } from "../../common";
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

const AFTER = String.raw`\s+(?=[a-z_][a-z0-9_.]*\s*(?:!=|[=<>]|LIKE\b|IN\b))`;

/**
 * Refuses conditions that are joined as in SQL: `priority=1 AND state=2` compares the priority with `1 AND state=2`, and finds nothing. In
 * texts that a column contains small letters pass, since people write so.
 */
export function refuseSql(query: string): void {
  for (const { operator, value } of parseQuery(query).groups.flat(2)) {
    const words = /LIKE|WITH/.test(operator) ? "AND|OR" : "AND|and|OR|or";
    const joint = new RegExp(`\\s+(${words})${AFTER}`, "g");
    if (!joint.test(value)) continue;
    const written = query.replace(joint, (_all, word: string) => (word.toLowerCase() === "or" ? "^OR" : "^"));
    throw wrongInput(
      `Query: conditions are joined with "^" and alternatives with "^OR", without blanks; "AND" and "OR" would be part of a value. Perhaps: ${written}`,
    );
  }
}
