import type { ServiceNow } from "../../client";
import { isServiceNowError } from "../../errors";
import type { CallOptions } from "../../http/requester";
import { tableName } from "../../http/url";
import type { QueryInput } from "../../query";
import { readStats } from "../../table/stats";
import type { AggregateOptions, AggregateRow } from "../../table/stats-types";
import { refuseUnknown } from "./check-columns";

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
  const rows = await readStats(client, table, options).catch(async (error: unknown) => {
    // When ServiceNow passed over each column that was asked for, it says that nothing was asked.
    if (isServiceNowError(error) && error.kind === "bad-request")
      await refuseUnknown(client, tableName(table), options, [NOTHING]);
    throw error;
  });
  await refuseUnknown(client, tableName(table), options, rows);
  return rows;
}

/** A row that lacks every column. */
const NOTHING: AggregateRow = { group: {}, count: null, sum: {}, avg: {}, min: {}, max: {} };

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
