import type { ServiceNow } from "../../client";
import { ServiceNowError } from "../../errors";
import { hasColumn } from "../../schema/column-access";
import type { AggregateOptions, AggregateRow } from "../../table/stats-types";
import { common } from "../../http/api-call";

/**
 * ServiceNow passes over columns it does not know: groups become one row, sums nothing, a condition or an order is dropped. What the answer
 * lacks, and what it cannot show, is looked up.
 *
 * @throws ServiceNowError `query-rights` naming a column that is not there or may not be read
 */
export async function refuseUnknown(
  client: ServiceNow,
  table: string,
  options: AggregateOptions,
  rows: readonly AggregateRow[],
): Promise<void> {
  const answered = [
    ...(options.groupBy ?? []).map((column) => ({
      column,
      lacks: (row: AggregateRow) => !(column in row.group),
    })),
    ...(["sum", "avg", "min", "max"] as const).flatMap((name) =>
      (options[name] ?? []).map((column) => ({
        column,
        lacks: (row: AggregateRow) => !(column in row[name]),
      })),
    ),
  ];
  const shown = new Set(answered.map(({ column }) => column));
  const lacking = answered.filter(({ lacks }) => rows.some(lacks)).map(({ column }) => column);
  const unseen = [...havingColumns(options), ...orderColumns(options)].filter((column) => !shown.has(column));
  for (const column of new Set([...lacking, ...unseen])) {
    if (await hasColumn(client, table, column, common(options))) continue;
    throw new ServiceNowError({
      kind: "query-rights",
      what: `Could not count ${table}: it has no column ${column}, or the account may not read it`,
      reason: "ServiceNow passes over such a column and would give other figures than those asked for",
      remedy: "Check the column's name, or ask the administrator for read access to it",
      fields: [column],
    });
  }
}

const havingColumns = ({ having = [] }: AggregateOptions): string[] =>
  having.flatMap(({ field }) => (field === undefined ? [] : [field]));

/** `AVG^reassignment_count^DESC` orders by reassignment_count; functions and directions are written in capitals. */
const orderColumns = ({ orderBy = [] }: AggregateOptions): string[] =>
  orderBy.flatMap((order) => order.split("^")).filter((part) => /[a-z]/.test(part));
