export { all, any, encoded, everything, nothing, Query, script, type QueryValue } from "./builder";
export { where, whereFor, type BuilderOptions } from "./comparison";
export { matching, type MappingValue } from "./mapping";
export { queryText, type QueryInput } from "./input";
export { DATE_RANGES, dayBounds, formatDateTime, parseDateTime, type DateRange } from "../time/date-time";
export {
  OPERATORS,
  type Clause,
  type Condition,
  type Operator,
  type Order,
  type ParsedQuery,
} from "./grammar";
export { assertPlainValue } from "./plain-value";
export { columnKind, type ColumnKind, type ColumnTypes, type QueryColumn } from "./column-kind";
export {
  assertNarrowing,
  assertQuery,
  checkQuery,
  queryError,
  relatedQuery,
  type RelatedQuery,
  type GuardOptions,
  type QueryProblem,
} from "./safety";
export { splitLongQuery } from "./split";
export { andEach, columnsOf, formatCondition, formatQuery, parseQuery } from "./parse";
