/**
 * Why a feed stops. `stalled`: conditions on time and sys_id have no effect, likely because of an access rule; `overtaken`: another poll of
 * the same state is ahead; `unordered`: rows came in another order than asked for; `missing-column`: sys_id or the time column is not there
 * or not readable; `unknown-column`: the same for a column of the filter; `unreadable`: none of the newest records may be read;
 * `unknown-zone`: dates are read in a zone nobody knows; `long-query`: the filter does not fit into a request.
 */
export type FeedProblem =
  | "stalled"
  | "overtaken"
  | "unordered"
  | "missing-column"
  | "unknown-column"
  | "unreadable"
  | "unknown-zone"
  | "long-query";

/** What the feed refuses to go on with. The message says what happened, the likely cause and what to do. */
export class FeedError extends Error {
  override readonly name = "FeedError";

  constructor(
    readonly problem: FeedProblem,
    message: string,
  ) {
    super(message);
  }
}

/** The error for an account whose zone decides what a date means and cannot be found out; it says what to set. */
export function unknownZone(table: string): FeedError {
  return new FeedError(
    "unknown-zone",
    `The instance reads dates in a query in the account's own time zone, and that zone cannot be found out (table ${table}). ` +
      `Set the time zone of the account ServiceNow is connected with (its sys_user record) to GMT, or to any named zone, and try again.`,
  );
}
