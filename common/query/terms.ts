import type { Condition, Order } from "./grammar";
import { formatQuery } from "./parse";
import { assertPlainValue } from "./plain-value";

/** One comparison of a query: column, operator, value. */
export type Term = [field: string, operator: Condition["operator"], value?: string];

/** An encoded query of conditions that must all hold; a list of terms inside is joined by OR. Refuses values with a `^` and scripts. */
export function where(terms: (Term | Term[])[], order: (string | Order)[] = []): string {
  const condition = ([field, operator, value = ""]: Term): Condition => ({
    field,
    operator,
    value: assertPlainValue(field, value),
  });
  const clauses = terms.map((term) =>
    Array.isArray(term[0]) ? (term as Term[]).map(condition) : [condition(term as Term)],
  );
  return formatQuery({
    groups: [clauses],
    order: order.map((by) => (typeof by === "string" ? { field: by, descending: false } : by)),
  });
}
