import type { ServiceNow } from "../../common";
import { aggregate } from "../../common/apis/aggregate/aggregate";
import { type AggregateRow, type Having } from "../../common/table/stats-types";
import { isTrue, oneOf, optionalText, textList, wrongInput } from "./input";
import { FORMATS } from "./results";

export interface AggregateProps {
  query?: string | undefined;
  groupBy: readonly string[];
  count?: boolean | undefined;
  avgFields?: string[] | undefined;
  minFields?: string[] | undefined;
  maxFields?: string[] | undefined;
  sumFields?: string[] | undefined;
  havingQuery?: string | undefined;
  responseDataFormat?: string | undefined;
  orderBy?: string | undefined;
}

const AGGREGATES = ["count", "sum", "avg", "min", "max"] as const;
const OPERATORS = ["=", "!=", "<", "<=", ">", ">="] as const;

/** Reads conditions on groups: `count^priority^>^10`, or `count>10` for short; several separated by commas. */
export function readHaving(text: string | undefined): Having[] {
  return textList(text).map((part) => {
    const long = /^(\w+)\^([\w.]+)\^(!=|<=|>=|=|<|>)\^(.+)$/.exec(part);
    const brief = /^(\w+)\s*(!=|<=|>=|=|<|>)\s*(-?\d+(?:\.\d+)?)$/.exec(part);
    const [name, field, operator, value] = long
      ? [long[1], long[2], long[3], long[4]]
      : [brief?.[1], undefined, brief?.[2], brief?.[3]];
    const known = AGGREGATES.find((one) => one === name?.toLowerCase());
    const sign = OPERATORS.find((one) => one === operator);
    if (!known || !sign || value === undefined || (known !== "count" && !field))
      throw wrongInput(
        "Having Query must be conditions such as count^priority^>^10 or avg^reassignment_count^>=^2, separated by commas.",
      );
    return { aggregate: known, operator: sign, value, ...(field ? { field } : {}) };
  });
}

/** Reads an order: `count`, `-count`, `priority`, `AVG^reassignment_count`, `COUNT^DESC`. */
export function readOrder(text: string | undefined): string[] {
  return textList(text).map((part) => {
    const descending = part.startsWith("-") || /\^DESC$/i.test(part);
    const bare = part.replace(/^-/, "").replace(/\^DESC$/i, "");
    if (!/^[A-Za-z_][\w.]*(\^[A-Za-z_][\w.]*)?$/.test(bare))
      throw wrongInput(
        "Order By must be a field of the groups, count, or an aggregate such as AVG^reassignment_count; a minus in front turns it round.",
      );
    const name = /^count$/i.test(bare) ? "COUNT" : bare;
    return descending ? `${name}^DESC` : name;
  });
}

function options(props: AggregateProps) {
  const lists = {
    avg: textList(props.avgFields),
    min: textList(props.minFields),
    max: textList(props.maxFields),
    sum: textList(props.sumFields),
  };
  return {
    query: optionalText(props.query, "Query") ?? "",
    groupBy: props.groupBy,
    ...lists,
    count: isTrue(props.count, true),
    having: readHaving(props.havingQuery),
    orderBy: readOrder(props.orderBy),
  };
}

/** Every column that the groups and the figures are made of, for a look whether the table has them: ServiceNow leaves out what it does not know. */
export function aggregateColumns(props: AggregateProps): string[] {
  const { avg, min, max, sum } = options(props);
  return [...props.groupBy, ...avg, ...min, ...max, ...sum];
}

/** One row for each group, or one for everything. */
export async function readAggregates(
  client: ServiceNow,
  table: string,
  props: AggregateProps,
): Promise<AggregateRow[]> {
  return aggregate(client, table, options(props));
}

/** The groups in ServiceNow's own shape (`stats` and `groupby_fields`), as workflows of the registry's action read them. */
export async function rawGroups(
  client: ServiceNow,
  table: string,
  props: AggregateProps,
): Promise<Record<string, unknown>[]> {
  const format = oneOf(props.responseDataFormat, FORMATS, "Response Data Format");
  const rows = await aggregate(client, table, {
    ...options(props),
    displayValue: format === "false" ? "all" : format,
  });
  return rows.map((row) => ({
    stats: {
      ...(row.count === null ? {} : { count: String(row.count) }),
      ...Object.fromEntries(
        (["sum", "avg", "min", "max"] as const)
          .filter((name) => Object.keys(row[name]).length > 0)
          .map((name) => [name, texts(row[name])]),
      ),
    },
    groupby_fields: Object.entries(row.group).map(([field, { value, label }]) =>
      format === "true"
        ? { field, value: label }
        : format === "all"
          ? { field, value, display_value: label }
          : { field, value },
    ),
  }));
}

function texts(values: Record<string, number | string | null>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null ? "" : String(value)]),
  );
}
