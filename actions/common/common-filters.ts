import { andEach, formatQuery, type Condition, type ServiceNow } from "../../common";
import { dateBound } from "./date-bound";
import { isBlank, isTrue, optionalText, plainValue, utcTime } from "./input";

/** The filters that several actions offer beside a query. */
export interface CommonFilters {
  query?: string | undefined;
  filterCreatedAtDate?: string | undefined;
  filterUpdatedAtDate?: string | undefined;
  filterActive?: boolean | undefined;
}

/** The columns that the filters are conditions on. */
export function filterColumns(filters: CommonFilters): string[] {
  const columns = {
    sys_created_on: filters.filterCreatedAtDate,
    sys_updated_on: filters.filterUpdatedAtDate,
    active: filters.filterActive,
  };
  return Object.entries(columns).flatMap(([column, value]) => (isBlank(plainValue(value)) ? [] : [column]));
}

/**
 * Query and common filters as one encoded query: all of them hold, also where the query has several `^NQ` parts. Dates of the filters are written
 * as the instance reads them for this account.
 */
export async function filterQuery(
  client: ServiceNow,
  table: string,
  filters: CommonFilters,
): Promise<string> {
  const conditions: Condition[] = [];
  const since = async (field: string, value: string | undefined, label: string) => {
    if (isBlank(plainValue(value))) return;
    const bound = await dateBound(client, table, field, utcTime(value, label));
    conditions.push({ field, operator: ">=", value: bound });
  };
  await since("sys_created_on", filters.filterCreatedAtDate, "Created Since");
  await since("sys_updated_on", filters.filterUpdatedAtDate, "Updated Since");
  if (!isBlank(plainValue(filters.filterActive)))
    conditions.push({ field: "active", operator: "=", value: String(isTrue(filters.filterActive)) });
  return formatQuery(
    andEach(optionalText(filters.query, "Query") ?? "", {
      groups: [conditions.map((condition) => [condition])],
      order: [],
    }),
  );
}
