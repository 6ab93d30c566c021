export {
  andEach,
  asParsed,
  columnsOf,
  formatCondition,
  formatQuery,
  parseQuery,
  type ParseOptions,
} from "./parse";
export {
  OPERATORS,
  type Clause,
  type Condition,
  type Operator,
  type Order,
  type ParsedQuery,
} from "./grammar";
