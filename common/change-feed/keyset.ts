import { FeedError } from "./errors";
import { LAST } from "./position";

/** ServiceNow's front end refuses a request line over 8,192 bytes; the rest of the line needs room too. */
const MAX_QUERY = 6_500;

/** The parts of a query the feed puts around the user's filter. */
export interface KeysetQuery {
  /** The user's filter: groups joined by OR. */
  groups: readonly string[];
  /** Encoded conditions that hold in each group, such as those of `behind`. */
  clauses: readonly string[];
  /** `ORDERBY` terms, the most important first; they stand once, at the end. */
  order: readonly string[];
}

/**
 * The encoded query. The feed's own clauses are repeated in each `^NQ` group of the user's filter, so that no OR of the user's gets
 * around them.
 */
export function encode({ groups, clauses, order }: KeysetQuery): string {
  const base = groups.length > 0 ? groups : [""];
  const sets = base.map((group) => [group, ...clauses].filter((part) => part !== "").join("^"));
  const query = [sets.join("^NQ"), ...order].filter((part) => part !== "").join("^");
  if (encodeURIComponent(query).length > MAX_QUERY) {
    throw new FeedError(
      "long-query",
      `The filter is too long: with the conditions of the cursor the request would pass ServiceNow's limit of 8,192 bytes. ` +
        `Shorten the filter, for example with IN instead of many OR conditions, or move it into fewer ^NQ groups.`,
    );
  }
  return query;
}

/**
 * "Behind (time, id)". `(t > T) or (t = T and id > ID)` is the same as `(t >= T) and (t > T or id > ID)`, and that form fits
 * into one group: ServiceNow's OR joins neighbouring terms.
 */
export function behind(column: string, literal: string, id: string): string[] {
  if (id === LAST) return [`${column}>${literal}`];
  if (id === "") return [`${column}>=${literal}`];
  return [`${column}>=${literal}`, `${column}>${literal}^ORsys_id>${id}`];
}

/** The order of the cursor, oldest first, as `ORDERBY` terms. */
export const ascending = (column: string): string[] => [`ORDERBY${column}`, "ORDERBYsys_id"];
/** The order of the cursor turned round, newest first. */
export const descending = (column: string): string[] => [`ORDERBYDESC${column}`, "ORDERBYDESCsys_id"];
