import { isServiceNowError, ServiceNowError } from "../../common";
import { Backfill } from "./backfill";
import { cell, FeedError, type Version } from "../../common/change-feed";
import { feedOf, logReport, type Stream } from "./feed";
import { isOneOf, makeFilter } from "./filter";
import { withSubclasses } from "./related";
import { OwnChanges } from "./own-changes";
import { startOf } from "./start-from";
import { log, type CommonProps, type SourceThis } from "./this";

/** More names do not fit into a request (8,192 bytes); then all deletions are read and chosen here. */
const MOST_TABLES = 60;

/** Deletions of a table's records. ServiceNow records the class of the deleted record, so the tables that extend it count too. */
export class Deletions {
  private readonly own: OwnChanges;

  constructor(
    private readonly source: SourceThis & CommonProps,
    private readonly table: string,
  ) {
    this.own = new OwnChanges(source);
  }

  deploy = () =>
    this.explained(async () => {
      const start = startOf(this.source);
      const { feed, backfill } = await this.feeds();
      backfill.drop();
      logReport(await ("from" in start ? backfill.start(feed, start.from) : feed.start(start)));
    });

  activate = () =>
    this.explained(async () => {
      startOf(this.source);
      const { feed, backfill } = await this.feeds();
      if (await feed.resume()) backfill.drop();
    });

  run = () =>
    this.explained(async () => {
      const { feed, backfill } = await this.feeds();
      logReport(await backfill.poll(feed));
    });

  private async feeds() {
    const { tables, complete } = await withSubclasses(this.source.servicenow.client(), this.table);
    if (!complete)
      log(
        `The tables that extend ${this.table} cannot be found out with this account; only deletions of ${this.table} itself are seen.`,
      );
    const ofTable = new Set(tables);
    const clauses = tables.length <= MOST_TABLES ? isOneOf("tablename", tables) : [];
    const stream: Stream = {
      table: "sys_audit_delete",
      column: "sys_created_on",
      filter: makeFilter("", clauses),
      identity: makeFilter(""),
      fields: ["sys_id", "tablename", "documentkey", "display_value", "sys_created_on", "sys_created_by"],
      format: "false",
      mode: `deletions of ${this.table}`,
      emit: async (versions) => {
        for (const version of versions) {
          const { row } = version;
          if (!ofTable.has(cell(row, "tablename")) || (await this.own.include(cell(row, "sys_created_by"))))
            continue;
          this.emit(version);
        }
      },
    };
    const backfill = new Backfill(this.source, stream);
    return { feed: feedOf(this.source, backfill.stream), backfill };
  }

  private emit({ row, sysId, ts }: Version): void {
    const name = cell(row, "display_value") || cell(row, "documentkey");
    this.source.$emit(
      {
        sys_id: cell(row, "documentkey"),
        table: cell(row, "tablename"),
        display_value: cell(row, "display_value"),
        deleted_at: new Date(ts).toISOString(),
        deleted_by: cell(row, "sys_created_by"),
        audit_id: sysId,
      },
      { id: sysId, ts, summary: `Deleted: ${name} (${cell(row, "tablename")})` },
    );
  }

  private async explained(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const refused = isServiceNowError(error) && error.status === 403;
      if (!refused && !(error instanceof FeedError && error.problem === "unreadable")) throw error;
      throw new ServiceNowError({
        kind: "acl",
        what: "The record of deletions (sys_audit_delete) cannot be read by this account",
        reason: "by default only administrators may read it",
        remedy: "Ask an administrator for read access to sys_audit_delete, or connect an account that has it",
        status: 403,
      });
    }
  }
}
