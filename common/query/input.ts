import { usageError } from "../errors";
import type { ParsedQuery } from "./grammar";
import { formatQuery } from "./parse";

/** A query as text, or as `where`, `matching` and their like make it. */
export type QueryInput = string | ParsedQuery;

/**
 * The encoded text of a query; "" for none.
 *
 * @throws ServiceNowError `usage` for anything that is no query: ServiceNow would pass over it and give every record
 */
export function queryText(query: QueryInput | undefined): string {
  if (query === undefined || typeof query === "string") return query ?? "";
  const given: unknown = query;
  if (isQuery(given)) return formatQuery(given);
  throw usageError(
    `The query is ${given === null ? "null" : `no query but a value of type ${typeof given}`}`,
    'Give an encoded query ("active=true"), a finished condition (where("active").equals(true)) or matching({ active: true }); leave it out for every record',
    ["query"],
  );
}

function isQuery(value: unknown): value is ParsedQuery {
  return (
    typeof value === "object" &&
    value !== null &&
    Array.isArray(Reflect.get(value, "groups")) &&
    Array.isArray(Reflect.get(value, "order"))
  );
}
