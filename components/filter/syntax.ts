/** What a form edits the value of an operator with; `one` and `several` follow the column's kind. */
export type FilterValueShape = "none" | "one" | "several" | "two" | "text" | "number" | "day";

/** One comparison that people can choose. */
export interface FilterOperator {
  /** Names it in a {@link FilterCondition}. */
  id: string;
  /** As people read it: `is one of`. */
  label: string;
  /** Other words for some kinds of columns: `is before` instead of `is less than`. */
  labels?: Readonly<Record<string, string>>;
  /** As it stands in the text. */
  sign: string;
  /** The kinds of columns that have it. */
  kinds: readonly string[];
  value: FilterValueShape;
  /** How the value is written behind the sign, `{}` in its place; the value alone where it is absent. */
  form?: string;
}

/** How an app writes a filter as one text. Plain data: it travels to the form with the prop. */
export interface FilterSyntax {
  /** Joins conditions that must all hold. */
  and: string;
  /** Before an alternative of the condition in front of it. */
  or: string;
  /** Between groups of which one must hold. */
  group: string;
  /** What begins a part that orders and compares nothing; such parts stand at the end and are kept. */
  order: readonly string[];
  /** What a column's name looks like: the source of a regular expression without groups. */
  column: string;
  /** Between the values of `several`, and between those of `two`. */
  several: string;
  two: string;
  /** Every sign that the app knows, longest first, those without an operator below too. */
  signs: readonly string[];
  operators: readonly FilterOperator[];
}

export interface FilterCondition {
  column: string;
  /** `id` of a {@link FilterOperator}. */
  operator: string;
  /** What stands in the place of `{}`; several values joined as the syntax says. */
  value: string;
}

/** Of the groups one must hold, of a group each clause, of a clause one condition. */
export interface Filter {
  groups: FilterCondition[][][];
  /** The parts that order, as they were written. */
  rest: string;
}

/** A column to compare. */
export interface FilterColumn {
  /** As it stands in the text. */
  name: string;
  label: string;
  /** One of the kinds that the operators name. */
  kind: string;
  /** Its values are looked up with `values`. */
  hasValues?: boolean;
  /** It leads to columns of another record, which follow after a dot. */
  leads?: boolean;
}

/** What a filter finds now. */
export interface FilterMatches {
  /** Null where the app cannot count. */
  count: number | null;
  /** The first few. */
  first: { label: string; link?: string }[];
}

/** What the functions of a {@link FilterHint} are asked with; inputs of a prop definition are merged in. */
export interface FilterRequest {
  /** Of `columns`: the column whose columns are wanted, empty for those of the records themselves. Of `values`: the column. */
  column: string;
  /** Of `values`: what is typed. */
  query: string;
  /** Of `matches`: the whole filter. */
  filter: string;
  [input: string]: unknown;
}

/**
 * A hint that a text is a filter which a form may build from columns, operators and values. A platform that does not know it shows its text
 * field. `this` of the functions is the app (in an app's definition) or the component.
 */
export interface FilterHint {
  syntax: FilterSyntax;
  columns(request: FilterRequest): Promise<FilterColumn[]>;
  values(request: FilterRequest): Promise<{ label: string; value: string }[]>;
  matches(request: FilterRequest): Promise<FilterMatches>;
}

/** The names of the functions. */
export const filterAsks = ["columns", "values", "matches"] as const;
export type FilterAsk = (typeof filterAsks)[number];
