import type { CallOptions } from "../http/requester";
import type { QueryInput } from "../query";
import type { DisplayValue } from "./types";

/** A condition on the groups: `{ aggregate: "count", operator: ">", value: 3 }`. */
export interface Having {
  /** What is compared with the value. */
  aggregate: "count" | "sum" | "avg" | "min" | "max";
  /** The column that is aggregated; for `count` any column of the groups, the first one unless told. */
  field?: string;
  /** How, as ServiceNow writes it. */
  operator: "=" | "!=" | "<" | "<=" | ">" | ">=";
  /** The number the aggregate is held against; ServiceNow takes no column here. */
  value: string | number;
}

/** What to compute, over which rows, in which groups. */
export interface AggregateOptions extends CallOptions {
  /** Encoded query: which rows are counted. */
  query?: QueryInput;
  /** @default true when nothing else is asked for */
  count?: boolean;
  /** Columns to add up: numbers, durations, currencies. */
  sum?: readonly string[];
  /** Columns to take the mean of; rows without a value do not count. */
  avg?: readonly string[];
  /** Columns whose smallest value is wanted; for dates the earliest. */
  min?: readonly string[];
  /** Columns whose largest value is wanted; for dates the latest. */
  max?: readonly string[];
  /** Columns to group by; dot-walks (`caller_id.department`) work as well. */
  groupBy?: readonly string[];
  /** Conditions on the groups, all of which must hold. Needs `groupBy`. */
  having?: readonly Having[];
  /** `COUNT`, `AVG^reassignment_count`, a column of the groups; `^DESC` behind it turns it round. */
  orderBy?: readonly string[];
  /** @default "all" with groups, so that every group has its label */
  displayValue?: DisplayValue;
  /** Category of the read replica that may answer (`sysparm_query_category`). */
  queryCategory?: string;
}

/** One group, or everything when nothing is grouped. */
export interface AggregateRow {
  /** The group's value by column, with its label. */
  group: Record<string, { value: string; label: string }>;
  /** Rows in the group; null when it was not asked for. */
  count: number | null;
  /** Numbers where they are numbers (averages are given with four decimals), text for durations and currencies. */
  sum: Record<string, number | string | null>;
  /** Means by column; null where no row of the group has a value. */
  avg: Record<string, number | string | null>;
  /** Text as it is stored: a number, a date in UTC. Null where no row has a value. */
  min: Record<string, string | null>;
  /** As `min`. */
  max: Record<string, string | null>;
}
