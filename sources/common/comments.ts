import { cell, type Version } from "../../common/change-feed";
import { journalToMarkdown } from "../../apps/servicenow/readable-text";
import { Backfill } from "./backfill";
import { feedOf, logReport, type Stream } from "./feed";
import { isOneOf, makeFilter, type Filter } from "./filter";
import { entryKey, formerKey, parseJournal } from "./journal";
import { OwnChanges } from "./own-changes";
import { label, shape, type Format, type Row } from "./payload";
import { canRead, recordsByIds, withSubclasses } from "./related";
import { ProcessedKeys } from "./processed-keys";
import { needsHistory, startOf, type StartProps } from "./start-from";
import { log, type SourceThis } from "./this";

export interface CommentWatch {
  table: string;
  filter: Filter;
  /** Only this record. */
  recordId?: string | undefined;
  /** `comments`, `work_notes` or both. */
  kinds: readonly string[];
  fields?: readonly string[] | undefined;
  format: Format;
}

type Mode = "journal" | "text";

const MODE = "mode";
const MOST_TABLES = 60;
const KIND: Record<string, string> = { comments: "comment", work_notes: "work_note" };

/** Comments and work notes, from the journal where it can be read, otherwise from the text that the record shows. */
export class Comments {
  private readonly own: OwnChanges;

  constructor(
    private readonly source: SourceThis & StartProps,
    private readonly watch: CommentWatch,
  ) {
    this.own = new OwnChanges(source);
  }

  async deploy(): Promise<void> {
    const start = startOf(this.source);
    const mode = await this.choose();
    const { feed, backfill, processed } = await this.feed(mode);
    backfill.drop();
    if ("from" in start) {
      if (mode === "text") throw needsHistory("the journal (sys_journal_field)");
      return logReport(await backfill.start(feed, start.from));
    }
    const report = await feed.start({ first: mode === "journal" ? start.first : 0 });
    processed?.begin(report.now);
    logReport(report);
  }

  async activate(): Promise<void> {
    startOf(this.source);
    const { feed, backfill, processed } = await this.feed(await this.choose());
    const report = await feed.resume();
    if (!report) return;
    backfill.drop();
    processed?.begin(report.now);
  }

  async run(): Promise<void> {
    const mode = (this.source.db.get(MODE) as Mode | undefined) ?? (await this.choose());
    const { feed, backfill, processed } = await this.feed(mode);
    const report = await backfill.poll(feed);
    if (report.started) processed?.begin(report.now);
    logReport(report);
  }

  private async choose(): Promise<Mode> {
    const readable = await canRead(
      this.source.servicenow.client(),
      "sys_journal_field",
      "elementINcomments,work_notes",
    );
    const mode: Mode = readable === "no" ? "text" : "journal";
    this.source.db.set(MODE, mode);
    if (mode === "text") {
      log(
        "This account may not read the journal (sys_journal_field), so entries come from the text that records show: author by name instead of user name, times from the account's own date format. Read access to sys_journal_field makes them exact.",
      );
    }
    return mode;
  }

  private async feed(mode: Mode) {
    const processed = mode === "text" ? new ProcessedKeys(this.source, 2_500) : undefined;
    const stream = processed ? this.text(processed) : await this.journal();
    const backfill = new Backfill(this.source, stream);
    return { feed: feedOf(this.source, backfill.stream), backfill, processed };
  }

  private async journal(): Promise<Stream> {
    const { table, filter, recordId, kinds } = this.watch;
    const { tables } = await withSubclasses(this.source.servicenow.client(), table);
    const clauses = [...isOneOf("element", kinds), ...isOneOf("element_id", recordId)];
    const family = tables.length <= MOST_TABLES ? isOneOf("name", tables) : [];
    return {
      table: "sys_journal_field",
      column: "sys_created_on",
      filter: makeFilter("", [...clauses, ...family]),
      identity: makeFilter("", clauses),
      fields: ["sys_id", "element_id", "element", "name", "value", "sys_created_by", "sys_created_on"],
      format: "false",
      mode: `comments of ${table} where ${filter.query}`,
      emit: (versions) => this.emitJournal(versions),
    };
  }

  private async emitJournal(versions: Version[]): Promise<void> {
    const records = await this.records(versions.map(({ row }) => cell(row, "element_id")));
    for (const { row, sysId, ts } of versions) {
      const record = records.get(cell(row, "element_id"));
      // A record that the filter leaves out, or that the account may not read.
      if (!record) continue;
      await this.emit(record, {
        id: sysId,
        ts,
        column: cell(row, "element"),
        text: cell(row, "value"),
        author: cell(row, "sys_created_by"),
      });
    }
  }

  private text(processed: ProcessedKeys): Stream {
    const { table, filter, recordId, kinds } = this.watch;
    const withRecord = recordId ? makeFilter(filter.query, isOneOf("sys_id", recordId)) : filter;
    return {
      table,
      column: "sys_updated_on",
      filter: withRecord,
      fields: ["sys_id", ...kinds],
      format: "all",
      mode: "comments as text",
      memory: 18_000,
      extra: () => processed.toJSON(),
      emit: (versions) => this.emitText(versions, processed),
    };
  }

  private async emitText(versions: Version[], processed: ProcessedKeys): Promise<void> {
    const { kinds } = this.watch;
    const records = await this.records(versions.map(({ sysId }) => sysId));
    for (const { row, sysId, ts } of versions) {
      const record = records.get(sysId) ?? row;
      const found = kinds.flatMap((column) => parseJournal(row, column).map((entry) => ({ column, entry })));
      // Oldest first; without a time only the newest entry can belong to this change.
      for (const { column, entry } of found.reverse()) {
        const known = entry.time !== undefined;
        if (known && processed.began !== undefined && (entry.time ?? 0) < processed.began) continue;
        if (!known && found.find((other) => other.column === column)?.entry !== entry && found.length > 1)
          continue;
        const id = entryKey(sysId, column, entry);
        const isNew = processed.take(id);
        if (!isNew || processed.has(formerKey(sysId, column, entry))) continue;
        await this.emit(record, {
          id,
          ts: known ? (entry.time ?? 0) * 1000 : ts,
          column,
          text: entry.text,
          author: entry.author,
        });
      }
    }
  }

  private records(ids: readonly string[]) {
    const { table, filter, fields } = this.watch;
    const asked = fields?.length
      ? [...fields, "sys_updated_on", "sys_created_on", "sys_mod_count"]
      : undefined;
    return recordsByIds(this.source.servicenow.client(), table, ids, filter, asked);
  }

  private async emit(
    record: Row,
    entry: { id: string; ts: number; column: string; text: string; author: string },
  ): Promise<void> {
    if (await this.own.include(entry.author)) return;
    const { table, fields, format } = this.watch;
    const kind = KIND[entry.column] ?? entry.column;
    const shaped = shape(record, fields, format);
    const plain = Object.fromEntries(Object.keys(shaped).map((name) => [name, cell(record, name)]));
    this.source.$emit(
      {
        sys_id: cell(record, "sys_id"),
        table,
        type: kind,
        text: entry.text,
        markdown: journalToMarkdown(entry.text),
        author: entry.author,
        created_at: new Date(entry.ts).toISOString(),
        record: format === "false" ? plain : shaped,
      },
      {
        id: entry.id,
        ts: entry.ts,
        summary: `${kind === "comment" ? "Comment" : "Work note"} by ${entry.author} on ${label(record)}`,
      },
    );
  }
}
