import { usageError } from "../errors";
import { common, resultOf } from "../http/api-call";
import type { Requester } from "../http/requester";
import { tableName } from "../http/url";
import { queryText } from "../query";
import { textOf, valueText } from "./cells";
import { safe } from "./rows";
import type { AggregateOptions, AggregateRow, Having } from "./stats-types";

/**
 * One call of the Aggregate API. Columns that the instance passed over are missing from the rows; `aggregate` refuses them.
 *
 * @returns one row a group, in the order asked for; exactly one row when nothing is grouped
 * @throws ServiceNowError
 * @see https://www.servicenow.com/docs/csh?topicname=c_AggregateAPI.html
 */
export async function readStats(
  client: Requester,
  table: string,
  options: AggregateOptions = {},
): Promise<AggregateRow[]> {
  const { sum, avg, min, max, groupBy = [] } = options;
  const nothing = [sum, avg, min, max].every((list) => !list?.length);
  const grouped = groupBy.length > 0;
  const name = tableName(table);
  safe(options.query);
  const result = await resultOf<RawGroup | RawGroup[]>(client, {
    ...common(options),
    path: `/api/now/stats/${name}`,
    operation: `count ${name}`,
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
  return (Array.isArray(result) ? result : [result]).map(toRow);
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
