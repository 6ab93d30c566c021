import { cell } from "../../common/change-feed";
import { atMost, isTrue, optionOf } from "../../apps/servicenow/input";
import { checkSettings } from "./checks";
import { makeFilter, type Filter } from "./filter";
import { asFormat, label, readFields, shape, type Row } from "./payload";
import { log, type CommonProps, type SourceThis } from "./this";

interface Props extends SourceThis, CommonProps {
  emitAs?: string | undefined;
  maxRecords?: number | undefined;
  skipEmpty?: boolean | undefined;
  orderBy?: string | undefined;
}

export const EMIT_AS = [
  { label: "One event with the list", value: "list" },
  { label: "One event per record", value: "records" },
] as const;

/** The result of a query, emitted as it is at each run. */
export class QueryResult {
  constructor(
    private readonly source: Props,
    private readonly table: string,
  ) {}

  private get filter(): Filter {
    return makeFilter(this.source.query);
  }

  private get orderColumn(): string {
    return (this.source.orderBy ?? "").trim().replace(/^-/, "");
  }

  /** Refuses a table, a filter or an order that cannot be read. */
  async check(): Promise<void> {
    await checkSettings(this.source.servicenow.client(), {
      table: this.table,
      filter: this.filter,
      columns: this.orderColumn ? [this.orderColumn] : [],
    });
  }

  /** `timestamp`: seconds of the timer's event; it makes the ids of this run, so that a repeated run repeats them. A run by hand has none. */
  async run(timestamp = Math.floor(Date.now() / 1000)): Promise<void> {
    const { source, table } = this;
    const { orderBy = "", fields } = source;
    const maxRecords = atMost(source.maxRecords, 100);
    const emitAs = optionOf(source.emitAs, EMIT_AS, "Emit As") ?? "list";
    const filter = this.filter;
    const format = asFormat(source.format);
    const asked = readFields(fields);
    const column = this.orderColumn;
    await this.check();
    const found = await source.servicenow
      .client()
      .table(table)
      .list({
        query: filter.query,
        ...(asked ? { fields: asked } : {}),
        max: maxRecords,
        displayValue: format === "false" ? "false" : "all",
        ...(column ? { orderBy: [`${orderBy.trim().startsWith("-") ? "-" : ""}${column}`] } : {}),
      });
    const rows = found.rows as unknown as Row[];
    const matching = found.total ?? rows.length;
    // The instance counts records that it does not show to this account as well.
    const count = found.stoppedAt ? matching : rows.length;
    log(`${rows.length} of ${count} records.`);
    if (count < matching)
      log(
        `${matching - count} more records meet the query and are hidden from this account by access rules.`,
      );
    if (rows.length === 0 && isTrue(source.skipEmpty, true)) return;
    const ts = timestamp * 1000;
    if (emitAs === "records") {
      for (const row of rows) {
        const id = `${cell(row, "sys_id")}-${timestamp}`.slice(0, 64);
        source.$emit(shape(row, fields, format), { id, ts, summary: label(row) });
      }
      if (!found.complete)
        log(`More than ${maxRecords} records meet the query; raise Maximum to get them all.`);
      return;
    }
    source.$emit(
      {
        table,
        query: filter.query,
        count,
        returned: rows.length,
        complete: found.complete,
        run_at: new Date(ts).toISOString(),
        records: rows.map((row) => shape(row, fields, format)),
      },
      { id: `result-${timestamp}`, ts, summary: `${count} records of ${table}` },
    );
  }
}
