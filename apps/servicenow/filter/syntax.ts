import type { FilterOperator, FilterSyntax } from "../../../components";
import { type ColumnKind } from "../../../common";
import { OPERATORS } from "../../../common/query";

const WORDS: ColumnKind[] = ["text", "choice"];
const DATES: ColumnKind[] = ["date-time", "date"];
const NUMBERS: ColumnKind[] = ["number", "number-choice"];
const ONE: ColumnKind[] = [...WORDS, "sys-id", ...NUMBERS, "reference", "boolean", "date"];
const SEVERAL: ColumnKind[] = [...WORDS, "sys-id", ...NUMBERS, "reference"];
const ANY: ColumnKind[] = [...ONE, "date-time", "list", "duration"];
const LOOSE: ColumnKind[] = ["text", "choice"];

const inDates = (words: string): Record<string, string> => ({ "date-time": words, date: words });

const span = (id: string, label: string, name: string, call: string): FilterOperator => ({
  id,
  label,
  sign: "ON",
  kinds: DATES,
  value: "none",
  form: `${name}@javascript:gs.beginningOf${call}()@javascript:gs.endOf${call}()`,
});

const distance = (unit: string, words: string): FilterOperator[] => [
  {
    id: `within-${words}`,
    label: `is after … ${words} ago`,
    sign: "RELATIVEGT",
    kinds: DATES,
    value: "number",
    form: `@${unit}@ago@{}`,
  },
  {
    id: `before-${words}`,
    label: `is before … ${words} ago`,
    sign: "RELATIVELT",
    kinds: DATES,
    value: "number",
    form: `@${unit}@ago@{}`,
  },
];

/** The operators that people choose most, in the words of ServiceNow's own filter. */
const operators: FilterOperator[] = [
  { id: "is", label: "is", sign: "=", kinds: ONE, value: "one" },
  {
    id: "is-me",
    label: "is the connected user",
    sign: "=",
    kinds: ["reference"],
    value: "none",
    form: "javascript:gs.getUserID()",
  },
  { id: "is-not", label: "is not", sign: "!=", kinds: ONE, value: "one" },
  { id: "one-of", label: "is one of", sign: "IN", kinds: SEVERAL, value: "several" },
  { id: "not-one-of", label: "is not one of", sign: "NOT IN", kinds: SEVERAL, value: "several" },
  { id: "contains", label: "contains", sign: "LIKE", kinds: LOOSE, value: "text" },
  { id: "not-contains", label: "does not contain", sign: "NOT LIKE", kinds: LOOSE, value: "text" },
  { id: "starts", label: "starts with", sign: "STARTSWITH", kinds: LOOSE, value: "text" },
  { id: "ends", label: "ends with", sign: "ENDSWITH", kinds: LOOSE, value: "text" },
  {
    id: "less",
    label: "is less than",
    labels: inDates("is before"),
    sign: "<",
    kinds: [...NUMBERS, ...DATES],
    value: "one",
  },
  {
    id: "at-most",
    label: "is at most",
    labels: inDates("is at or before"),
    sign: "<=",
    kinds: [...NUMBERS, ...DATES],
    value: "one",
  },
  {
    id: "more",
    label: "is greater than",
    labels: inDates("is after"),
    sign: ">",
    kinds: [...NUMBERS, ...DATES],
    value: "one",
  },
  {
    id: "at-least",
    label: "is at least",
    labels: inDates("is at or after"),
    sign: ">=",
    kinds: [...NUMBERS, ...DATES],
    value: "one",
  },
  { id: "between", label: "is between", sign: "BETWEEN", kinds: [...NUMBERS, ...DATES], value: "two" },
  {
    id: "on",
    label: "is on the day",
    sign: "ON",
    kinds: DATES,
    value: "day",
    form: "{}@javascript:gs.dateGenerate('{}','start')@javascript:gs.dateGenerate('{}','end')",
  },
  span("today", "is today", "Today", "Today"),
  span("yesterday", "is yesterday", "Yesterday", "Yesterday"),
  span("this-week", "is this week", "This week", "ThisWeek"),
  span("last-7-days", "is in the last 7 days", "Last 7 days", "Last7Days"),
  span("this-month", "is this month", "This month", "ThisMonth"),
  span("last-30-days", "is in the last 30 days", "Last 30 days", "Last30Days"),
  ...distance("minute", "minutes"),
  ...distance("hour", "hours"),
  ...distance("dayofweek", "days"),
  { id: "empty", label: "is empty", sign: "ISEMPTY", kinds: ANY, value: "none" },
  { id: "not-empty", label: "is not empty", sign: "ISNOTEMPTY", kinds: ANY, value: "none" },
];

/** Encoded queries, as far as a form shows them as rows; what else they may hold is edited as text. */
export const querySyntax: FilterSyntax = {
  and: "^",
  or: "^OR",
  group: "^NQ",
  order: ["ORDERBYDESC", "ORDERBY"],
  column: "[a-z_][a-z0-9_]*(?:\\.[a-z0-9_]+)*",
  several: ",",
  two: "@",
  signs: OPERATORS,
  operators,
};
