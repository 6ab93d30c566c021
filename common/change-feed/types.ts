import { type DateLiteralMode } from "../time/date-literals";
/** One page of rows, as the feed asks for it. `date` is the instance's clock (the `Date` header), `total` the instance's row count. */
export type ReadPage = (request: {
  query: string;
  fields?: string[];
  limit: number;
  offset?: number;
  displayValue?: "false" | "true" | "all";
}) => Promise<{ rows: Record<string, unknown>[]; total: number | null; date: Date }>;

/** Name of a date-time column by which a feed is ordered. */
type TimeColumn = string;

/** A place in the order (time, sys_id). */
export interface Position {
  /** Epoch seconds, UTC. */
  time: number;
  /** A sys_id, "" before the first of the second, or `~` behind its last. */
  id: string;
}

/** One version of one record, as read. */
export interface Version {
  /** The columns asked for, as ServiceNow sent them: text, or `{value, display_value}`. */
  row: Record<string, unknown>;
  /** The record's sys_id. */
  sysId: string;
  /** Epoch seconds of the feed's time column. */
  time: number;
  /** `sys_mod_count`, or "" where the table has none. */
  modCount: string;
  /** At most 64 characters, unique per record version (per record for a feed over `sys_created_on`). */
  id: string;
  /** Milliseconds, for the event's `ts`. */
  ts: number;
  /** False when an earlier version of this record was emitted before, as far as the feed can know. */
  created: boolean;
}

/** Where one poll stops and leaves the rest to the next. Defaults: 5,000 events, 200 requests, 45 seconds. */
export interface Budget {
  /** Events one poll may emit. */
  rows: number;
  /** Requests one poll may make. */
  requests: number;
  /** Seconds one poll may take; checked between pages. */
  seconds: number;
}

/** What a feed follows, and the hands it works with. Needed: `read`, `load`, `save`, `emit`, `instance`, `table` and `column`. */
export interface FeedOptions {
  /** Reads one page. What it throws ends the poll; the state stays where the last slice left it. */
  read: ReadPage;
  /** Where the state lives: one JSON value. `save` is called after each emitted slice. */
  load: () => unknown;
  /** Keeps the state where `load` finds it. What it throws ends the poll: the slice before it may then come again. */
  save: (state: SavedFeedState) => void | Promise<void>;
  /** At most 50 versions at a time, one where `slow`; what it throws ends the poll before the state moves. */
  emit: (versions: Version[]) => void | Promise<void>;
  /** Origin of the instance, for the fingerprint. */
  instance: string;
  /** Name of the table, such as `incident`. */
  table: string;
  /** `sys_updated_on`, `sys_created_on`, or another date-time column that only grows. */
  column: TimeColumn;
  /** The user's filter as its `^NQ` groups, guarded: no ORDERBY, no loose carets. Empty: every record. */
  groups?: string[];
  /** What names the stream instead of `groups`, where those hold what may change under it, such as the tables that extend one. */
  identity?: string[];
  /** Column names of the filter, to be checked before the first poll. */
  filterColumns?: string[];
  /** Columns to return; empty means all. What the cursor needs is added. */
  fields?: string[];
  /** Rows with stored values, or with both; default stored. Display values alone name no time and no id. */
  displayValue?: "false" | "all";
  /** The signed-in user's time zone (an IANA name), asked for only when literals turn out not to be UTC. */
  zone?: () => Promise<string | undefined>;
  /** The table's columns where the dictionary is readable, otherwise undefined. */
  columns?: () => Promise<ReadonlySet<string> | undefined>;
  /** Part of the fingerprint beyond instance, table, filter and column. */
  mode?: string;
  /** Epoch seconds: later versions are another feed's, and this one has nothing left to read behind it. */
  until?: number;
  /** A commit may become visible this many seconds after its stamp. Default 60. */
  window?: number;
  /** Rows per page. Default 200 for whole rows, 1,000 when `fields` are chosen. */
  pageSize?: number;
  /** Bytes of state for the memory of recent rows. Default 42,000 (about 3,400 versions). */
  memory?: number;
  /** Limits of one poll that differ from the defaults. */
  budget?: Partial<Budget>;
  /** Emitting takes long (a file each): saves behind every event, and holds the seconds of the budget between events too. */
  slow?: boolean;
  /** Gets one line for what a user should know: that the feed starts again, or how much waits. */
  log?: (message: string) => void;
  /** What the source keeps beside the cursor (`extra` of the state); asked for at each save. */
  extra?: () => unknown;
  /** Milliseconds of a clock that only measures durations. */
  stopwatch?: () => number;
}

/** The saved state, plain JSON below 48 KB. To be kept and handed back as it is; `state.ts` alone reads its short keys. */
export interface SavedFeedState {
  /** Version of this shape; another one is not read, and the feed begins at the present. */
  v: 1;
  /** Fingerprint of the stream, see {@link FeedState.fingerprint}. */
  f: string;
  /** Further keys, each one letter or two to keep the state small. */
  [key: string]: unknown;
}

/** What a feed knows between two polls. */
export interface FeedState {
  /** Fingerprint of instance, table, filter, column and mode. */
  fingerprint: string;
  /** Time and sys_id of the last settled row: everything up to it is done. The id is `~` behind all of its second. */
  cursor: Position;
  /** Recent versions already emitted: `[second, hashes]`. */
  recent: [number, string][];
  /** How the instance reads date literals, as last measured. */
  literalMode: DateLiteralMode;
  /** Epoch seconds at which that was measured. */
  literalModeMeasuredAt: number;
  /** Instance time of the last poll that changed the state, epoch seconds. */
  polledAt: number;
  /** Saves so far: two polls of one source at the same time notice each other by it. */
  saves: number;
  /** True once the columns of the filter were seen to exist. */
  columnsChecked: boolean;
  /** sys_id of a record that was read: while that can be read, the account has not lost its right to the table. */
  readableId?: string;
  /** What a source keeps beside the cursor, saved with it. */
  extra?: unknown;
}

/** What a poll or a start did. */
export interface PollReport {
  /** Events emitted. */
  emitted: number;
  /** Pages read, those for measuring included. */
  requests: number;
  /** True when the feed had no state, or another filter's, and began at the instance's present. */
  started: boolean;
  /** Rows known to wait for the next poll; null when there are some and nobody counted them. */
  waiting: number | null;
  /** Rows the account may not read, as far as this poll could see. */
  filteredByAcl: number;
  /** Instance time of the first answer, epoch seconds. */
  now: number;
}
