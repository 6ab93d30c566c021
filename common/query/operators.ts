import type { Operator } from "./grammar";
import type { ColumnKind } from "./column-kind";

const PRESENCE = ["ISEMPTY", "ISNOTEMPTY", "ANYTHING"] as const;
const SAME = ["SAMEAS", "NSAMEAS"] as const;
const EQUAL = ["=", "!="] as const;
const LIST = ["IN", "NOT IN"] as const;
const RANGE = ["<", "<=", ">", ">=", "BETWEEN"] as const;
const FIELD = ["GT_FIELD", "LT_FIELD", "GT_OR_EQUALS_FIELD", "LT_OR_EQUALS_FIELD"] as const;
const TEXT = [
  "LIKE",
  "NOT LIKE",
  "CONTAINS",
  "DOES NOT CONTAIN",
  "*",
  "!*",
  "STARTSWITH",
  "ENDSWITH",
  "EMPTYSTRING",
] as const;
const RELATIVE = ["RELATIVEGT", "RELATIVELT", "RELATIVEGE", "RELATIVELE", "RELATIVEEE"] as const;

const words = [...EQUAL, ...LIST, ...RANGE, ...TEXT, ...PRESENCE, ...SAME, "INSTANCEOF"] as const;
const numbers = [...EQUAL, ...LIST, ...RANGE, ...PRESENCE, ...SAME, ...FIELD] as const;

/**
 * The operators that mean something on each kind of column; ServiceNow drops a condition with any other, and the rest of the query fits more.
 * @see https://www.servicenow.com/docs/csh?topicname=r_OpAvailableFiltersQueries.html
 */
export const OPERATORS_OF: Readonly<Record<ColumnKind, readonly Operator[]>> = {
  text: words,
  choice: words,
  "sys-id": words,
  number: numbers,
  "number-choice": numbers,
  reference: [
    ...EQUAL,
    ...LIST,
    ...TEXT,
    ...PRESENCE,
    ...SAME,
    ...RANGE,
    "DYNAMIC",
    "IN_HIERARCHY",
    "IN_HIERARCHY_DYNAMIC",
    "INSTANCEOF",
  ],
  list: [...EQUAL, ...LIST, ...TEXT, ...PRESENCE, ...SAME, "DYNAMIC"],
  boolean: [...EQUAL, ...PRESENCE, ...SAME],
  "date-time": [
    ...EQUAL,
    ...RANGE,
    ...PRESENCE,
    ...SAME,
    ...FIELD,
    ...RELATIVE,
    "ON",
    "NOTON",
    "DATEPART",
    "MORETHAN",
    "LESSTHAN",
  ],
  date: [
    ...EQUAL,
    ...RANGE,
    ...PRESENCE,
    ...SAME,
    ...FIELD,
    ...RELATIVE,
    "ON",
    "NOTON",
    "DATEPART",
    "MORETHAN",
    "LESSTHAN",
  ],
  duration: [...EQUAL, ...RANGE, ...PRESENCE, ...SAME, ...FIELD],
  // A journal has no column of its own, so that even "is empty" would be dropped.
  "not-searchable": [],
};

/** How people call a kind of column. */
export const KIND_NAMES: Readonly<Record<ColumnKind, string>> = {
  text: "a text",
  choice: "a choice",
  "sys-id": "a sys_id",
  number: "a number",
  "number-choice": "a choice kept as a number",
  reference: "a reference",
  list: "a list of references",
  boolean: "true or false",
  "date-time": "a date and time",
  date: "a date",
  duration: "a duration",
  "not-searchable": "something that cannot be searched",
};
