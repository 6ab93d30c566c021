import type { Clause } from "../../common";
import { parseStamp, type PollReport, type Version } from "../../common/feed";
import { cell } from "../../common/feed";
import { feedOf, logReport, type Stream } from "./feed";
import { makeFilter } from "./filter";
import { asFormat, label, metaOf, shape, type Row } from "./payload";
import { Seen } from "./seen";
import { requiredTable } from "./table";
import type { CommonProps, SourceThis } from "./this";

/** A source that emits records of one table. */
export interface RecordPlan {
  table: string;
  column: "sys_updated_on" | "sys_created_on";
  clauses?: readonly Clause[];
  /** Columns of the event when the user chose none; all columns of the record unless given. */
  defaultFields?: readonly string[];
  /** Columns that the summary needs whatever the user chose. */
  needs?: readonly string[];
  mode?: string;
  /** An event takes long, such as one with a file. */
  slow?: boolean;
  /** One event per record (or per key), however often it changes while it matches. */
  once?: {
    key?: (version: Version) => string;
    /** Column that says when it happened: what happened before the source began is left out. */
    happened?: string;
  };
  /** Versions to leave out. */
  wanted?: (version: Version) => boolean;
  summary?: (row: Row, version: Version) => string;
  /** What the event holds beside the record's columns. */
  more?: (version: Version) => Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** Room for the keys of `once` beside the young rows. */
const MEMORY_BESIDE_KEYS = 28_000;

/** A date has no zone; the last place on earth ends its day this many seconds after UTC. */
const LAST_ZONE = 12 * 3600;

/**
 * Whether it can have happened since `began` (epoch seconds), by a date or date-time column. A date counts as its end, wherever that
 * may be, so that nothing of that day is left out; without one nobody can say that it happened before.
 */
function canBeSince(row: Row, column: string, began: number): boolean {
  const text = cell(row, column);
  if (text === "") return true;
  const time = text.length === 10 ? parseStamp(`${text} 23:59:59`) + LAST_ZONE : parseStamp(text);
  return time >= began;
}

/** Hooks and run of a source that emits records. `plan` reads the props of `this`. */
export function recordSource<Props extends SourceThis & CommonProps>(plan: (source: Props) => RecordPlan) {
  const prepare = (source: Props) => {
    const settings = plan(source);
    const { once, needs = [], defaultFields, column } = settings;
    const format = asFormat(source.format);
    const chosen = source.fields?.length ? source.fields : defaultFields;
    const seen = once ? new Seen(source) : undefined;
    const isWanted = (version: Version): boolean => {
      if (settings.wanted && !settings.wanted(version)) return false;
      if (!once || !seen) return true;
      if (once.happened && seen.began !== undefined && !canBeSince(version.row, once.happened, seen.began))
        return false;
      return seen.take(once.key?.(version) ?? version.sysId);
    };
    let emitted = 0;
    const stream: Stream = {
      table: requiredTable(settings.table),
      column,
      filter: makeFilter(source.query, settings.clauses),
      fields: chosen,
      needs,
      format,
      ...(settings.mode ? { mode: settings.mode } : {}),
      ...(settings.slow ? { slow: true } : {}),
      ...(seen ? { memory: MEMORY_BESIDE_KEYS, extra: () => seen.toJSON() } : {}),
      emit: async (versions) => {
        for (const version of versions) {
          if (!isWanted(version)) continue;
          const summary = settings.summary?.(version.row, version) ?? label(version.row);
          const more = settings.more ? await settings.more(version) : {};
          source.$emit({ ...shape(version.row, chosen, format), ...more }, metaOf(version, summary));
          emitted++;
        }
      },
    };
    const tell = (report: PollReport) => logReport({ ...report, emitted });
    return { feed: feedOf(source, stream), seen, tell };
  };
  const begin = (seen: Seen | undefined, report: PollReport | undefined) => {
    if (report?.started) seen?.begin(report.now);
  };
  return {
    /** Emits the newest records, at most 25, oldest first. */
    deploy: async (source: Props) => {
      const { feed, seen, tell } = prepare(source);
      const report = await feed.start({ first: 25 });
      begin(seen, report);
      tell(report);
    },
    /** After a change of props: starts anew where the stream is another one. */
    activate: async (source: Props) => {
      const { feed, seen } = prepare(source);
      begin(seen, await feed.resume());
    },
    run: async (source: Props) => {
      const { feed, seen, tell } = prepare(source);
      const report = await feed.poll();
      begin(seen, report);
      tell(report);
    },
  };
}
