import type { Clause } from "../../common";
import { textList } from "../../apps/servicenow/input";
import { cell, type PollReport, type Version } from "../../common/change-feed";
import { Backfill } from "./backfill";
import { feedOf, logReport, type Stream } from "./feed";
import { makeFilter, type RequiredValues, type Selected } from "./filter";
import { checkRequiredValues } from "./required-values";
import { canBeSince, keyOf, keysBefore, type Dedupe } from "./dedupe";
import { OwnChanges } from "./own-changes";
import { asFormat, label, metaOf, shape, type Row } from "./payload";
import { ProcessedKeys } from "./processed-keys";
import { startOf } from "./start-from";
import { requiredTable } from "./table";
import { loadState, type CommonProps, type SourceThis } from "./this";

/** A source that emits records of one table. */
export interface RecordPlan {
  table: string;
  column: "sys_updated_on" | "sys_created_on";
  clauses?: readonly (Clause | Selected)[];
  /** What must be there beside what the clauses need. */
  required?: readonly RequiredValues[];
  /** Columns of the event when the user chose none; all columns of the record unless given. */
  defaultFields?: readonly string[];
  /** Columns that the summary needs whatever the user chose. */
  needs?: readonly string[];
  mode?: string;
  /** An event takes long, such as one with a file. */
  slow?: boolean;
  dedupe?: Dedupe;
  /** Versions to leave out. */
  accepts?: (version: Version) => boolean;
  summary?: (row: Row, version: Version) => string;
  /** What the event holds beside the record's columns. */
  more?: (version: Version) => Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** Room for the keys of `once` beside the recent rows. */
const MEMORY_BESIDE_KEYS = 28_000;

/** Hooks and run of a source that emits records. `plan` reads the props of `this`. */
export function recordSource<Props extends SourceThis & CommonProps>(plan: (source: Props) => RecordPlan) {
  const prepare = (source: Props) => {
    const settings = plan(source);
    const { dedupe, needs = [], defaultFields, column } = settings;
    const format = asFormat(source.format);
    const asked = textList(source.fields);
    const chosen = asked.length > 0 ? asked : defaultFields;
    const processed = dedupe ? new ProcessedKeys(source) : undefined;
    const own = new OwnChanges(source);
    const author = column === "sys_created_on" ? "sys_created_by" : "sys_updated_by";
    const isAccepted = async (version: Version): Promise<boolean> => {
      if (settings.accepts && !settings.accepts(version)) return false;
      if (await own.include(cell(version.row, author))) return false;
      if (!dedupe || !processed) return true;
      if (
        dedupe.happened &&
        processed.began !== undefined &&
        !canBeSince(version.row, dedupe.happened, processed.began)
      )
        return false;
      return processed.take(keyOf(dedupe, version.row), dedupe.replaces?.(version.row));
    };
    let emitted = 0;
    const filter = makeFilter(source.query, settings.clauses);
    const stream: Stream = {
      table: requiredTable(settings.table),
      column,
      // A column that the table lacks, or that the account may not read, is refused as one of the filter is.
      filter: own.areLeftOut ? { ...filter, columns: [...filter.columns, author] } : filter,
      fields: chosen,
      needs,
      format,
      ...(settings.mode ? { mode: settings.mode } : {}),
      ...(settings.slow ? { slow: true } : {}),
      ...(processed ? { memory: MEMORY_BESIDE_KEYS, extra: () => processed.toJSON() } : {}),
      emit: async (versions) => {
        for (const version of versions) {
          if (!(await isAccepted(version))) continue;
          const summary = settings.summary?.(version.row, version) ?? label(version.row);
          const more = settings.more ? await settings.more(version) : {};
          source.$emit({ ...shape(version.row, chosen, format), ...more }, metaOf(version, summary));
          emitted++;
        }
      },
    };
    const tell = (report: PollReport) => logReport({ ...report, emitted });
    const backfill = new Backfill(source, stream, () => processed?.save());
    const begin = async (report: PollReport | undefined) => {
      if (!dedupe || !processed || !report?.started) return;
      // What is still to come of the time before the start is no history.
      const start = backfill.from ?? report.now;
      const known =
        dedupe.happened || start === 0
          ? []
          : await keysBefore(source.servicenow.client(), stream, dedupe, start);
      processed.begin(start, known);
    };
    const { table } = stream;
    const required = [...(filter.required ?? []), ...(settings.required ?? [])];
    const check = () => checkRequiredValues(source.servicenow.client(), table, required);
    return { feed: feedOf(source, backfill.stream), backfill, begin, tell, check };
  };
  return {
    /** Emits what **Start From** says, at most 25 records, oldest first; more of them come with the polls. */
    deploy: async (source: Props) => {
      const start = startOf(source);
      const { feed, backfill, begin, tell, check } = prepare(source);
      await check();
      backfill.drop();
      const report = await ("from" in start ? backfill.start(feed, start.from) : feed.start(start));
      await begin(report);
      tell(report);
    },
    /** After a change of props: starts again where the stream is another one. */
    activate: async (source: Props) => {
      startOf(source);
      const { feed, backfill, begin, check } = prepare(source);
      await check();
      const report = await feed.resume();
      if (report) backfill.drop();
      await begin(report);
    },
    run: async (source: Props) => {
      const { feed, backfill, begin, tell, check } = prepare(source);
      if (!loadState(source)) await check();
      const report = await backfill.poll(feed);
      await begin(report);
      tell(report);
    },
  };
}
