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
