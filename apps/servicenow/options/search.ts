import { formatQuery, type Condition } from "../../../common";
import { textOf } from "../../../common/table/cells";

/** Choices per page. */
export const PAGE_SIZE = 50;

/** The typed text as far as it can be searched for: a `^` would end the condition, so the text stops before it. */
export function searchText(query: unknown): string {
  return textOf(query).split("^")[0]!.trim();
}

const LIKE = "LIKE" as const;

/** Conditions that hold where one of the columns contains the text; none for an empty text. */
export function containsText(columns: readonly string[], text: string): Condition[][] {
  if (!text || columns.length === 0) return [];
  return [columns.map((field) => ({ field, operator: LIKE, value: text }))];
}

/** An encoded query of clauses that must all hold, in an order that never changes between pages. */
export function orderedQuery(
  clauses: Condition[][],
  order: { field: string; descending?: boolean }[],
): string {
  return formatQuery({
    groups: [clauses],
    order: order.map(({ field, descending }) => ({ field, descending: descending ?? false })),
  });
}
