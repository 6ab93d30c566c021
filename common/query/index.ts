export {
  all,
  any,
  encoded,
  everything,
  nothing,
  Query,
  script,
  type QueryValue,
  type Script,
} from "./builder";
export { Comparison, matching, where, whereFor, type BuilderOptions, type MappingValue } from "./comparison";
export { DATE_RANGES, dayBounds, formatDateTime, parseDateTime, type DateRange } from "./dates";
export {
  OPERATORS,
  type Clause,
  type Condition,
  type Operator,
  type Order,
  type ParsedQuery,
} from "./grammar";
export { assertPlainValue } from "./plain-value";
export { assertQuery, checkQuery, splitLongQuery, type GuardOptions, type QueryProblem } from "./guard";
export {
  andEach,
  asParsed,
  columnsOf,
  formatCondition,
  formatQuery,
  parseQuery,
  type ParseOptions,
} from "./parse";
