/** Operators of an encoded query, longest first so that a prefix never wins (`IN_HIERARCHY` before `IN`). */
export const OPERATORS = [
  "LT_OR_EQUALS_FIELD",
  "GT_OR_EQUALS_FIELD",
  "IN_HIERARCHY_DYNAMIC",
  "DOES NOT CONTAIN",
  "IN_HIERARCHY",
  "CHANGESFROM",
  "EMPTYSTRING",
  "ISNOTEMPTY",
  "INSTANCEOF",
  "RELATIVEGT",
  "RELATIVELT",
  "RELATIVEGE",
  "RELATIVELE",
  "RELATIVEEE",
  "STARTSWITH",
  "VALCHANGES",
  "CHANGESTO",
  "DATEPART",
  "ENDSWITH",
  "GT_FIELD",
  "LT_FIELD",
  "CONTAINS",
  "LESSTHAN",
  "MORETHAN",
  "NOT LIKE",
  "NSAMEAS",
  "ANYTHING",
  "BETWEEN",
  "ISEMPTY",
  "DYNAMIC",
  "SAMEAS",
  "NOT IN",
  "NOTON",
  "LIKE",
  "IN",
  "ON",
  "!=",
  "<=",
  ">=",
  "!*",
  "=",
  "<",
  ">",
  "*",
] as const;

/** Operators as they stand in an encoded query. */
export type Operator = (typeof OPERATORS)[number];

/** Operators that stand alone, without a value. */
export const WITHOUT_VALUE: ReadonlySet<string> = new Set([
  "ISEMPTY",
  "ISNOTEMPTY",
  "EMPTYSTRING",
  "ANYTHING",
  "VALCHANGES",
]);

/** Operators whose value begins with another column (`SAMEASopened_at`, `MORETHANsys_created_on@day@before@1`). */
export const VALUE_IS_COLUMN: ReadonlySet<string> = new Set([
  "SAMEAS",
  "NSAMEAS",
  "GT_FIELD",
  "LT_FIELD",
  "GT_OR_EQUALS_FIELD",
  "LT_OR_EQUALS_FIELD",
  "MORETHAN",
  "LESSTHAN",
]);

/** Operators that mean something in a rule's condition and nothing in a query. */
export const RULE_ONLY: ReadonlySet<string> = new Set(["VALCHANGES", "CHANGESFROM", "CHANGESTO"]);

/** `priority`, `caller_id.department.name`, `u_cost`; also the two text-search names, which are not columns. */
export const COLUMN = /^(?:[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*)$/;
/** Names that search the text index instead of a column. */
export const TEXT_SEARCH: readonly string[] = ["123TEXTQUERY321", "123TEXTINDEXGROUP321"];

/** One comparison: `priority<=2`. */
export interface Condition {
  /** Column, dot-walks included. */
  field: string;
  /** `RLQUERY` marks a related-list part, which is kept whole in `value`. */
  operator: Operator | "RLQUERY";
  /** As it stands in the text; empty for operators that stand alone. */
  value: string;
}

/** Conditions joined by `^OR`: one of them must hold. */
export type Clause = Condition[];

/** One column of the order. */
export interface Order {
  /** Column, dot-walks included. */
  field: string;
  /** `ORDERBYDESC`. */
  descending: boolean;
}

/**
 * An encoded query taken apart. `groups` are joined by `^NQ` (or), the clauses of a group by `^` (and), the conditions of a
 * clause by `^OR`. A query without a condition is one group without a clause.
 */
export interface ParsedQuery {
  /** Joined by or; each is a list of clauses that must all hold. */
  groups: Clause[][];
  /** In the order they count. */
  order: Order[];
}
