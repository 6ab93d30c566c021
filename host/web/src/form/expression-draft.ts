/** A field that holds an expression in place of what its control gives. */
export interface ExpressionDraft {
  expression: string;
}

export const isExpressionDraft = (draft: unknown): draft is ExpressionDraft =>
  typeof draft === "object" && draft !== null && "expression" in draft;

/** Whether a text has a part that is evaluated. */
export const holdsExpression = (value: unknown): value is string =>
  typeof value === "string" && value.includes("{{");

/** Whether a text is one expression, whose value keeps its type. */
export const isWholeExpression = (value: unknown): value is string =>
  typeof value === "string" && /^\s*\{\{[^]*\}\}\s*$/.test(value);
