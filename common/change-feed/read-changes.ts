import { users } from "../apis/user/user";
import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { usageError } from "../errors";
import { createFeed, type SavedFeedState } from ".";
import { columnsOf, formatQuery, parseQuery, queryText, type QueryInput } from "../query";

/** What to follow, and from where. */
export interface ReadChangesOptions extends CallOptions {
  /** Encoded query; no ORDERBY. */
  query?: QueryInput;
  /** `sys_updated_on` for new and changed records, `sys_created_on` for new ones. @default sys_updated_on */
  column?: "sys_updated_on" | "sys_created_on";
  /** Columns to give. All, unless told. */
  fields?: readonly string[];
  /** `all` gives each column with its stored and its shown value. @default false */
  displayValue?: "false" | "all";
  /** What the call before gave as `state`; nothing at the first time. */
  state?: unknown;
  /** Newest records to give at the first time, 0 to 25. @default 0 */
  first?: number;
  /** Records in one call, about; what is left over comes with the next. @default 500 */
  max?: number;
}

/** What one call of {@link readChanges} found. */
export interface RecordChanges {
  /** One entry a record version, oldest first. */
  changes: Array<{ id: string; created: boolean; time: Date; row: Record<string, unknown> }>;
  /** Plain JSON; keep it when the changes are dealt with, and give it to the next call. */
  state: SavedFeedState | null;
  /** RecordChanges known to wait for the next call; null when there are some and nobody counted them. */
  waiting: number | null;
}

/**
 * What is new in a table since the call before, by the change feed: each record version once, whatever the page size and
 * however many share a second. Keep the state only after the changes are dealt with; then a crash repeats them and loses none.
 *
 * @throws ServiceNowError, or FeedError for a table or query that cannot be followed
 */
export async function readChanges(
  client: ServiceNow,
  table: string,
  options: ReadChangesOptions = {},
): Promise<RecordChanges> {
  const {
    query,
    column = "sys_updated_on",
    fields,
    displayValue,
    first = 0,
    max = 500,
    params,
    ...call
  } = options;
  const filter = parseQuery(queryText(query), { order: "refuse" });
  const changes: RecordChanges["changes"] = [];
  let state = givenState(options.state);
  const feed = createFeed({
    read: (ask) =>
      client.table(table).page({
        ...call,
        ...(params ? { params } : {}),
        query: ask.query,
        limit: ask.limit,
        ...(ask.offset ? { offset: ask.offset } : {}),
        ...(ask.fields ? { fields: ask.fields } : {}),
        displayValue: ask.displayValue ?? "false",
      }),
    load: () => state ?? undefined,
    save: (saved) => {
      state = structuredClone(saved);
    },
    emit: (versions) => {
      for (const { id, created, ts, row } of versions) changes.push({ id, created, time: new Date(ts), row });
    },
    instance: client.origin,
    table,
    column,
    groups: filter.groups
      .filter((group) => group.length > 0)
      .map((group) => formatQuery({ groups: [group], order: [] })),
    filterColumns: columnsOf(filter),
    ...(fields ? { fields: [...fields] } : {}),
    ...(displayValue ? { displayValue } : {}),
    zone: async () => (await users(client).current(call))?.time_zone || undefined,
    budget: { rows: max },
  });
  const report = state ? await feed.poll() : await feed.start({ first });
  return { changes, state, waiting: report.waiting };
}

/** The state of a call before. Anything else would begin again without a word, and lose what came meanwhile. */
function givenState(state: unknown): SavedFeedState | null {
  if (state === undefined || state === null) return null;
  if (typeof state === "object" && typeof Reflect.get(state, "v") === "number" && "f" in state)
    return state as SavedFeedState;
  throw usageError(
    typeof state === "string"
      ? "The state is a text and not what readChanges gave"
      : "The state is not what readChanges gave",
    "Hand back the state of the call before as it came (parsed, if it was kept as JSON text), or nothing to begin again",
    ["state"],
  );
}
