export { checkColumns } from "./columns";
export { FeedError } from "./errors";
export type { FeedProblem } from "./errors";
export { createFeed } from "./feed";
export type { Feed } from "./feed";
export { formatStamp, parseStamp } from "./time";
export type * from "./types";
export { cell } from "./walker";
export { isZone, offsetAt, wallClock } from "./zones";
