import { andEach, formatQuery, type Condition } from "../../common";
import { isBlank, isTrue, optionalText, plainValue, utcTime } from "./input";

/** The filters that several actions offer beside a query. */
export interface CommonFilters {
  query?: string | undefined;
  filterCreatedAtDate?: string | undefined;
  filterUpdatedAtDate?: string | undefined;
  filterActive?: boolean | undefined;
}

/** Query and common filters as one encoded query: all of them hold, also where the query has several `^NQ` parts. */
export function filterQuery(filters: CommonFilters): string {
  const conditions: Condition[] = [];
  const since = (field: string, value: string | undefined, label: string) => {
    if (!isBlank(plainValue(value))) conditions.push({ field, operator: ">=", value: utcTime(value, label) });
  };
  since("sys_created_on", filters.filterCreatedAtDate, "Created Since");
  since("sys_updated_on", filters.filterUpdatedAtDate, "Updated Since");
  if (!isBlank(plainValue(filters.filterActive)))
    conditions.push({ field: "active", operator: "=", value: String(isTrue(filters.filterActive)) });
  return formatQuery(
    andEach(optionalText(filters.query, "Query") ?? "", {
      groups: [conditions.map((condition) => [condition])],
      order: [],
    }),
  );
}
