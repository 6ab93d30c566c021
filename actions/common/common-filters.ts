import { andEach, formatQuery, type Condition } from "../../common";
import { isBlank, isTrue, optionalText, plainValue, requiredText, wrongInput } from "./input";

/** The filters that several actions offer beside a query. */
export interface CommonFilters {
  query?: string | undefined;
  filterCreatedAtDate?: string | undefined;
  filterUpdatedAtDate?: string | undefined;
  filterActive?: boolean | undefined;
}

/**
 * A date as ServiceNow compares it: `2026-07-30 14:05:00` in UTC. Takes a date, a date with a time, or an ISO 8601 text with a zone.
 * Throws a ConfigurationError for anything else, since ServiceNow would compare it as text.
 */
export function utcTime(value: unknown, label: string): string {
  const text = requiredText(value, label);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return checked(`${text}T00:00:00Z`, label);
  if (/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?(\.\d+)?$/.test(text))
    return checked(`${text.replace(" ", "T")}${/:\d{2}:\d{2}/.test(text) ? "" : ":00"}Z`, label);
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)) return checked(text, label);
  throw wrongInput(
    `${label} must be a date such as 2026-07-30, a time in UTC such as 2026-07-30 14:05:00, or an ISO 8601 time with its zone.`,
  );
}

function checked(text: string, label: string): string {
  const date = new Date(text);
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  // The 30th of February would become the 2nd of March without a word.
  if (
    [date, day].some((one) => Number.isNaN(one.getTime())) ||
    !day.toISOString().startsWith(text.slice(0, 10))
  )
    throw wrongInput(`${label} is not a date that exists.`);
  return date.toISOString().slice(0, 19).replace("T", " ");
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
