import type { CallOptions, ServiceNow } from "../../client";
import { usageError } from "../../errors";
import { tableName } from "../../http/url";
import { queryText, type QueryInput } from "../../query";
import type { DisplayValue } from "../../table/types";
import { refuseUnknown } from "./check-columns";
import { common, resultOf, textOf, valueText } from "../../http/api-call";

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

/**
 * Counts, sums, averages, minima and maxima, computed by the instance without reading rows.
 *
 * @returns one row a group, in the order asked for; exactly one row when nothing is grouped
 * @throws ServiceNowError; `query-rights` when a column is not there or may not be read
 * @see https://www.servicenow.com/docs/csh?topicname=c_AggregateAPI.html
 */
export async function aggregate(
  client: ServiceNow,
  table: string,
  options: AggregateOptions = {},
): Promise<AggregateRow[]> {
  const { sum, avg, min, max, groupBy = [] } = options;
  const nothing = [sum, avg, min, max].every((list) => !list?.length);
  const grouped = groupBy.length > 0;
  const name = tableName(table);
  const result = await resultOf<RawGroup | RawGroup[]>(client, {
    ...common(options),
    path: `/api/now/stats/${name}`,
    doing: `count ${name}`,
    params: {
      ...options.params,
      sysparm_query: queryText(options.query) || undefined,
      sysparm_count: (options.count ?? nothing) || undefined,
      sysparm_sum_fields: columns(sum),
      sysparm_avg_fields: columns(avg),
      sysparm_min_fields: columns(min),
      sysparm_max_fields: columns(max),
      sysparm_group_by: columns(groupBy),
      sysparm_having: options.having?.map((having) => havingText(having, groupBy)),
      sysparm_order_by: options.orderBy,
      sysparm_display_value: options.displayValue ?? (grouped ? "all" : undefined),
      sysparm_query_category: options.queryCategory,
    },
  });
  const rows = (Array.isArray(result) ? result : [result]).map(toRow);
  await refuseUnknown(client, name, options, rows);
  return rows;
}

/** How many rows match, without reading them. Rows hidden from the account by row access rules may be counted. */
export async function countRows(
  client: ServiceNow,
  table: string,
  query?: QueryInput,
  options: CallOptions = {},
): Promise<number> {
  const rows = await aggregate(client, table, { ...options, ...(query === undefined ? {} : { query }) });
  return rows[0]?.count ?? 0;
}

interface RawGroup {
  stats?: Record<string, unknown>;
  groupby_fields?: { field: string; value: unknown; display_value?: unknown }[];
}

function toRow(raw: RawGroup): AggregateRow {
  const stats = raw.stats ?? {};
  const group: AggregateRow["group"] = {};
  for (const { field, value, display_value: label } of raw.groupby_fields ?? []) {
    const text = valueText(value) || textOf(value);
    group[field] = { value: text, label: typeof label === "string" ? label : textOf(value) || text };
  }
  const count = stats["count"];
  return {
    group,
    count: count === undefined ? null : Number(textOf(count).replaceAll(",", "")),
    sum: each(stats["sum"], asNumber),
    avg: each(stats["avg"], asNumber),
    min: each(stats["min"], asText),
    max: each(stats["max"], asText),
  };
}

function each<T>(values: unknown, read: (cell: unknown) => T): Record<string, T> {
  if (typeof values !== "object" || values === null) return {};
  return Object.fromEntries(Object.entries(values).map(([name, cell]) => [name, read(cell)]));
}

const asText = (cell: unknown): string | null => valueText(cell) || textOf(cell) || null;

function asNumber(cell: unknown): number | string | null {
  const text = asText(cell);
  if (text === null) return null;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function columns(names: readonly string[] | undefined): readonly string[] | undefined {
  for (const name of names ?? []) {
    if (!/^[a-z_][a-z0-9_.]*$/i.test(name))
      throw usageError(`"${name}" is not a column name`, undefined, [name]);
  }
  return names?.length ? names : undefined;
}

function havingText(having: Having, groupBy: readonly string[]): string {
  const field = having.field ?? (having.aggregate === "count" ? groupBy[0] : undefined);
  if (!field) throw usageError(`The condition on ${having.aggregate} of the groups names no column`);
  const value = String(having.value);
  if (/[\^,]/.test(value))
    throw usageError(`The value "${value}" of a condition on groups has a "^" or a comma in it`);
  return `${having.aggregate}^${field}^${having.operator}^${value}`;
}
