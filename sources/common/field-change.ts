import { usageError, type Clause, type ServiceNow } from "../../common";
import { cell, type Version } from "../../common/change-feed";
import { Backfill } from "./backfill";
import { feedOf, logReport, type Stream } from "./feed";
import { isOneOf, makeFilter, type Filter } from "./filter";
import { Labels } from "./labels";
import { OwnChanges } from "./own-changes";
import { label, shape, type Format, type Row } from "./payload";
import { RememberedValues } from "./remembered-values";
import { canRead, recordsByIds, withSubclasses } from "./related";
import { needsHistory, startOf, type StartProps } from "./start-from";
import { log, type SourceThis } from "./this";

/** What a field-change source watches. */
export interface Watch {
  table: string;
  columns: readonly string[];
  filter: Filter;
  from?: readonly string[] | undefined;
  to?: readonly string[] | undefined;
  /** Whether a change is wanted, given also what people see of its values. */
  accepts?: (change: FieldChange, oldLabel: string, newLabel: string) => boolean;
  /** `audit`, `values`, or what the account allows. */
  detection?: string | undefined;
  fields?: readonly string[] | undefined;
  format: Format;
}

interface FieldChange {
  id: string;
  ts: number;
  sysId: string;
  column: string;
  from: string;
  to: string;
  by: string;
  record: Row | undefined;
}

type Mode = "audit" | "values";

const MODE = "mode";
/** Bytes of the state for recent rows; remembered values get the rest. */
const YOUNG_BYTES = 12_000;
const AUDIT_COLUMNS = [
  "sys_id",
  "tablename",
  "documentkey",
  "fieldname",
  "oldvalue",
  "newvalue",
  "user",
  "sys_created_on",
];
/** More table names than this do not fit into a request; then records are looked up without that condition. */
const MOST_TABLES = 60;

/** Field changes, from the audit history where it can be read, otherwise from values remembered between polls. */
export class FieldChanges {
  private readonly client: ServiceNow;
  private readonly labels: Labels;
  private readonly own: OwnChanges;
  private family: ReturnType<typeof withSubclasses> | undefined;

  constructor(
    private readonly source: SourceThis & StartProps,
    private readonly watch: Watch,
  ) {
    this.client = source.servicenow.client();
    this.labels = new Labels(this.client, watch.table);
    this.own = new OwnChanges(source);
    if (watch.columns.length === 0)
      throw usageError("No field is given", "Set the fields to watch, such as state or assigned_to");
  }

  async deploy(): Promise<void> {
    const start = startOf(this.source);
    const mode = await this.choose();
    if (mode === "values") {
      if ("from" in start) throw needsHistory("the audit history (sys_audit)");
      return this.seed();
    }
    const { feed, backfill } = await this.auditFeed();
    backfill.drop();
    logReport(await ("from" in start ? backfill.start(feed, start.from) : feed.start(start)));
  }

  async activate(): Promise<void> {
    startOf(this.source);
    const mode = await this.choose();
    if (mode === "audit") {
      const { feed, backfill } = await this.auditFeed();
      if (await feed.resume()) backfill.drop();
    } else if (!(await this.isCurrent())) await this.seed();
  }

  async run(): Promise<void> {
    const mode = this.source.db.get(MODE) as Mode | undefined;
    if (mode === undefined) return this.deploy();
    if (mode === "audit") {
      const { feed, backfill } = await this.auditFeed();
      return logReport(await backfill.poll(feed));
    }
    const values = new RememberedValues(this.source, this.watch.table);
    const report = await this.valuesFeed(values).poll();
    if (report.started) await this.seed();
    logReport(report);
  }

  /** Which mode runs; said in the log, because it decides what can be seen. */
  private async choose(): Promise<Mode> {
    const { detection = "auto", table } = this.watch;
    const readable =
      detection === "values"
        ? "no"
        : await canRead(
            this.client,
            "sys_audit",
            [...makeFilter("", await this.audited()).groups, "ORDERBYDESCsys_created_on"].join("^"),
          );
    if (detection === "audit" && readable === "no") {
      throw usageError(
        "The audit history (sys_audit) cannot be read by this account",
        "Ask an administrator for read access to sys_audit, or set Detection to remembered values",
      );
    }
    const mode: Mode = detection === "audit" || readable === "yes" ? "audit" : "values";
    this.source.db.set(MODE, mode);
    log(
      mode === "audit"
        ? `Changes of ${table} come from its audit history: every change of an audited field, also those between two polls.`
        : `Changes of ${table} are found by comparing values between polls: of several changes between two polls the last one is seen.`,
    );
    return mode;
  }

  // From the audit history

  /** The audit names the class of a record, so the tables that extend the watched one count too. */
  private async audited(): Promise<Clause[]> {
    this.family ??= withSubclasses(this.client, this.watch.table);
    const { tables } = await this.family;
    return tables.length <= MOST_TABLES ? isOneOf("tablename", tables) : [];
  }

  private async auditFeed() {
    const { table, columns, filter } = this.watch;
    const clauses = isOneOf("fieldname", columns);
    const stream: Stream = {
      table: "sys_audit",
      column: "sys_created_on",
      filter: makeFilter("", [...clauses, ...(await this.audited())]),
      identity: makeFilter("", clauses),
      fields: AUDIT_COLUMNS,
      format: "false",
      mode: `changes of ${table} where ${filter.query}`,
      emit: (versions) => this.emitAudited(versions),
    };
    const backfill = new Backfill(this.source, stream);
    return { feed: feedOf(this.source, backfill.stream), backfill };
  }

  private async emitAudited(versions: Version[]): Promise<void> {
    const ids = versions.map(({ row }) => cell(row, "documentkey"));
    const records = await this.records(ids);
    for (const { row, sysId, ts } of versions) {
      const record = records.get(cell(row, "documentkey"));
      // Without a filter a record that has been deleted since still has its change; with one nobody can say whether it met it.
      if (!record && this.watch.filter.query !== "") continue;
      await this.emit(
        {
          id: sysId,
          ts,
          sysId: cell(row, "documentkey"),
          column: cell(row, "fieldname"),
          from: cell(row, "oldvalue"),
          to: cell(row, "newvalue"),
          by: cell(row, "user"),
          record,
        },
        "audit",
      );
    }
  }

  // From remembered values

  private valuesFeed(values: RememberedValues) {
    const { table, columns, filter } = this.watch;
    const stream: Stream = {
      table,
      column: "sys_updated_on",
      filter: { ...filter, columns: [...new Set([...filter.columns, ...columns])] },
      fields: ["sys_id", "sys_updated_by", ...columns],
      format: "false",
      mode: `values of ${columns.join(",")}`,
      memory: YOUNG_BYTES,
      extra: () => values.toJSON(),
      emit: (versions) => this.emitCompared(versions, values),
    };
    return feedOf(this.source, stream);
  }

  private async isCurrent(): Promise<boolean> {
    const values = new RememberedValues(this.source, this.watch.table);
    const report = await this.valuesFeed(values).resume();
    return report === undefined;
  }

  /** Reads the present values of all records that match, then follows what changed since that reading began. */
  private async seed(): Promise<void> {
    const { table, columns, filter } = this.watch;
    const { date } = await this.client
      .table(table)
      .page({ query: filter.query, fields: ["sys_id"], limit: 1 });
    const values = new RememberedValues(this.source, this.watch.table);
    values.clear();
    for await (const row of this.client
      .table(table)
      .rows({ query: filter.query, fields: ["sys_id", ...columns] })) {
      values.set(
        row.sys_id ?? "",
        columns.map((column) => row[column] ?? ""),
      );
      values.checkRoom();
    }
    await this.valuesFeed(values).start({ first: 0, since: Math.floor(date.getTime() / 1000) });
  }

  private async emitCompared(versions: Version[], values: RememberedValues): Promise<void> {
    const { columns } = this.watch;
    const steps = versions.map((version) => {
      const now = columns.map((column) => cell(version.row, column));
      const before = values.get(version.sysId);
      values.set(version.sysId, now);
      return { ...version, now, before };
    });
    // Before anything is emitted, because what does not fit ends the poll.
    if (values.isFull) await this.forget(values, versions);
    const changed = steps.filter(({ now, before }) => before?.some((value, index) => value !== now[index]));
    const records = await this.records(changed.map(({ sysId }) => sysId));
    for (const { row, sysId, id, ts, now, before } of steps) {
      for (const [index, column] of before ? columns.entries() : []) {
        const [from = "", to = ""] = [before?.[index], now[index]];
        if (from === to) continue;
        const by = cell(row, "sys_updated_by");
        const record = records.get(sysId) ?? row;
        const key = `${id}-${index}`.slice(0, 64);
        await this.emit({ id: key, ts, sysId, column, from, to, by, record }, "values");
      }
    }
  }

  /** Drops the values of records that have left the filter or are gone; those just read stay. */
  private async forget(values: RememberedValues, versions: Version[]): Promise<void> {
    const { table, filter } = this.watch;
    const present = versions.map(({ sysId }) => sysId);
    for await (const row of this.client.table(table).rows({ query: filter.query, fields: ["sys_id"] }))
      present.push(row.sys_id ?? "");
    values.keepOnly(present);
    values.checkRoom();
  }

  // Both

  private records(ids: readonly string[]) {
    const { table, filter, fields, columns } = this.watch;
    const asked = fields?.length
      ? [...fields, ...columns, "sys_updated_on", "sys_created_on", "sys_mod_count"]
      : undefined;
    return recordsByIds(this.client, table, ids, filter, asked);
  }

  private async emit(change: FieldChange, mode: Mode): Promise<void> {
    const { from, to, table, fields, format } = this.watch;
    if (from?.length && !from.includes(change.from)) return;
    if (to?.length && !to.includes(change.to)) return;
    if (await this.own.include(change.by)) return;
    const [oldLabel, newLabel] = [
      await this.labels.of(change.column, change.from, change.record),
      await this.labels.of(change.column, change.to, change.record),
    ];
    if (this.watch.accepts && !this.watch.accepts(change, oldLabel, newLabel)) return;
    const name = change.record ? label(change.record) : change.sysId;
    this.source.$emit(
      {
        sys_id: change.sysId,
        table,
        field: change.column,
        old_value: change.from,
        new_value: change.to,
        old_label: oldLabel,
        new_label: newLabel,
        changed_at: new Date(change.ts).toISOString(),
        changed_by: change.by,
        detected_by: mode,
        record: change.record ? plain(shape(change.record, fields, format), format) : null,
      },
      {
        id: change.id,
        ts: change.ts,
        summary: `${name}: ${change.column} ${oldLabel || "empty"} → ${newLabel || "empty"}`,
      },
    );
  }
}

/** Records are read with both values; stored values are what the format says unless told otherwise. */
function plain(row: Row, format: Format): Row {
  if (format !== "false") return row;
  return Object.fromEntries(Object.keys(row).map((name) => [name, cell(row, name)]));
}
