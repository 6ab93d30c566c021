/** What a column holds, as far as a condition on it is concerned. */
export type ColumnKind =
  | "text"
  | "choice"
  | "number-choice"
  | "reference"
  | "list"
  | "number"
  | "boolean"
  | "date-time"
  | "date"
  | "duration"
  | "sys-id"
  | "not-searchable";

/** What is known of a column that a query names. */
export interface QueryColumn {
  /** What it holds. */
  kind: ColumnKind;
  /** Table a reference points to. */
  reference?: string;
}

/** Tells of a column: what it holds, `null` when the table has no such column, `undefined` when nothing is known of it. */
export type ColumnTypes = (column: string) => QueryColumn | null | undefined;

const KINDS: Readonly<Record<string, ColumnKind>> = {
  boolean: "boolean",
  GUID: "sys-id",
  reference: "reference",
  domain_id: "reference",
  currency: "number",
  currency2: "number",
  price: "number",
  integer: "number",
  long: "number",
  longint: "number",
  decimal: "number",
  float: "number",
  percent_complete: "number",
  auto_increment: "number",
  order_index: "number",
  day_of_week: "number",
  week_of_month: "number",
  month_of_year: "number",
  repeat_count: "number",
  glide_list: "list",
  user_roles: "list",
  slushbucket: "list",
  glide_date_time: "date-time",
  due_date: "date-time",
  calendar_date_time: "date-time",
  schedule_date_time: "date-time",
  glide_date: "date",
  date: "date",
  glide_duration: "duration",
  timer: "duration",
  glide_time: "duration",
  journal: "not-searchable",
  journal_list: "not-searchable",
  journal_input: "not-searchable",
  password: "not-searchable",
  password2: "not-searchable",
  collection: "not-searchable",
  variables: "not-searchable",
  glide_var: "not-searchable",
};

/** The kind of a column by its type in the dictionary (`internal_type`); what is not listed there holds text. */
export function columnKind(type: string, hasChoices: boolean): ColumnKind {
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind === "number" && hasChoices) return "number-choice";
  return kind ?? (hasChoices ? "choice" : "text");
}
