import {
  createFeed,
  type Feed,
  type FeedOptions,
  type PollReport,
  type ReadPage,
  type Version,
} from "../../common/change-feed";
import type { ServiceNow } from "../../common";
import { currentUser } from "../../apps/servicenow/current-user";
import type { Filter } from "./filter";
import { readFields, readFormat, type Format } from "./payload";
import { loadState, log, saveState, type SourceThis } from "./this";

/** What a source follows. */
export interface Stream {
  table: string;
  column: "sys_updated_on" | "sys_created_on";
  filter: Filter;
  /** The filter without what may change under the stream, such as the tables that extend one: it names the stream. */
  identity?: Filter;
  fields?: readonly string[] | undefined;
  /** Columns the source itself needs beside those chosen. */
  needs?: readonly string[];
  format: Format;
  /** Settings that make another stream of the same table and filter. */
  mode?: string;
  /** Bytes of the state for recent rows, where the source keeps other things too. */
  memory?: number;
  /** An event takes long, such as one with a file: each is saved by itself. */
  slow?: boolean;
  /** What the source keeps beside the cursor, saved with it. */
  extra?: () => unknown;
  emit: (versions: Version[]) => void | Promise<void>;
}

/** Reads pages of a table through the client. */
export function pageReader(client: ServiceNow, table: string): ReadPage {
  return async ({ query, fields, limit, offset, displayValue }) =>
    client.table(table).page({
      query,
      ...(fields ? { fields } : {}),
      limit,
      ...(offset ? { offset } : {}),
      displayValue: displayValue ?? "false",
      // A poll has its own end; what does not get through is read by the next one.
      deadlineMs: 120_000,
    });
}

/** The account's time zone; undefined when it has none of its own or its record cannot be read. */
export async function accountZone(client: ServiceNow): Promise<string | undefined> {
  return (await currentUser(client))?.timeZone || undefined;
}

export function feedOf(source: SourceThis, stream: Stream, more: Partial<FeedOptions> = {}): Feed {
  const client = source.servicenow.client();
  const { table, column, filter, format, needs = [] } = stream;
  const fields = readFields(stream.fields, needs);
  return createFeed({
    read: pageReader(client, table),
    load: () => loadState(source),
    save: (state) => saveState(source, state),
    emit: stream.emit,
    instance: client.origin,
    table,
    column,
    groups: filter.groups,
    filterColumns: filter.columns,
    ...(stream.identity ? { identity: stream.identity.groups } : {}),
    ...(fields ? { fields } : {}),
    displayValue: readFormat(format),
    zone: () => accountZone(client),
    ...(stream.mode ? { mode: stream.mode } : {}),
    ...(stream.memory ? { memory: stream.memory } : {}),
    ...(stream.slow ? { slow: true } : {}),
    ...(stream.extra ? { extra: stream.extra } : {}),
    log,
    ...more,
  });
}

/** Says what a poll did, where there is something to say. */
export function logReport(report: PollReport): void {
  if (report.emitted > 0) log(`${report.emitted} ${report.emitted === 1 ? "event" : "events"}.`);
  if (report.filteredByAcl > 0)
    log(
      `${report.filteredByAcl} matching records are hidden from this account by access rules; it emits nothing for them.`,
    );
}
