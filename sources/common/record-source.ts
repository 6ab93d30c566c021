import type { Clause } from "../../common";
import type { Version } from "../../common/feed";
import { feedOf, logReport, type Stream } from "./feed";
import { makeFilter } from "./filter";
import { asFormat, label, metaOf, shape, type Row } from "./payload";
import { requiredTable } from "./table";
import type { CommonProps, SourceThis } from "./this";

/** A source that emits records of one table. */
export interface RecordPlan {
  table: string;
  column: "sys_updated_on" | "sys_created_on";
  clauses?: readonly Clause[];
  needs?: readonly string[];
  mode?: string;
  /** Versions to leave out. */
  wanted?: (version: Version) => boolean;
  summary?: (row: Row, version: Version) => string;
  /** What the event holds beside the record's columns. */
  more?: (version: Version) => Record<string, unknown>;
}

/** Hooks and run of a source that emits records. `plan` reads the props of `this`. */
export function recordSource<Props extends SourceThis & CommonProps>(plan: (source: Props) => RecordPlan) {
  const feed = (source: Props) => {
    const settings = plan(source);
    const format = asFormat(source.format);
    const stream: Stream = {
      table: requiredTable(settings.table),
      column: settings.column,
      filter: makeFilter(source.query, settings.clauses),
      fields: source.fields,
      format,
      ...(settings.needs ? { needs: settings.needs } : {}),
      ...(settings.mode ? { mode: settings.mode } : {}),
      emit: (versions) => {
        for (const version of versions) {
          if (settings.wanted && !settings.wanted(version)) continue;
          const summary = settings.summary?.(version.row, version) ?? label(version.row);
          source.$emit(
            { ...shape(version.row, source.fields, format), ...settings.more?.(version) },
            metaOf(version, summary),
          );
        }
      },
    };
    return feedOf(source, stream);
  };
  return {
    /** Emits the newest records, at most 25, oldest first. */
    deploy: async (source: Props) => logReport(await feed(source).start({ first: 25 })),
    /** After a change of props: starts anew where the stream is another one. */
    activate: async (source: Props) => {
      await feed(source).resume();
    },
    run: async (source: Props) => logReport(await feed(source).poll()),
  };
}
