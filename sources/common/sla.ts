import { usageError } from "../../common";
import { cell, formatStamp, parseStamp } from "../../common/feed";
import { refersTo } from "./clauses";
import { isOneOf, makeFilter } from "./filter";
import { asFormat, readFields, readFormat, shape, type Row } from "./payload";
import { encodeWith } from "./query";
import { recordSource } from "./record-source";
import { Seen } from "./seen";
import { loadState, log, saveState, type CommonProps, type SourceThis } from "./this";

export interface SlaProps extends SourceThis, CommonProps {
  warnMinutes?: number | undefined;
  sla?: string[] | undefined;
  taskTable?: string | undefined;
}

const FIELDS = [
  "sys_id",
  "task",
  "task.number",
  "task.short_description",
  "task.sys_class_name",
  "sla",
  "sla.name",
  "stage",
  "has_breached",
  "start_time",
  "planned_end_time",
  "percentage",
  "business_percentage",
];

/** Literals are read in the account's zone on some instances; this much earlier and later no such reading misses a record. */
const FURTHEST_ZONE = 15 * 3600;
const MOST = 5_000;

export const clausesOf = (source: SlaProps) => [
  ...refersTo("sla", source.sla),
  ...isOneOf("task.sys_class_name", source.taskTable),
];

const subject = (row: Row) => `${cell(row, "task.number") || "a task"} (${cell(row, "sla.name") || "SLA"})`;

/** Breaches of service level agreements, or those that are near. */
export class SlaBreaches {
  private readonly breaches = recordSource((source: SlaProps) => ({
    table: "task_sla",
    column: "sys_updated_on" as const,
    clauses: [...clausesOf(source), ...isOneOf("has_breached", "true")],
    defaultFields: FIELDS,
    needs: FIELDS,
    // ServiceNow recalculates breached agreements again and again.
    once: { happened: "planned_end_time" },
    summary: (row) => `Breached: ${subject(row)}`,
    more: () => ({ breached: true, minutes_left: 0 }),
  }));

  constructor(private readonly source: SlaProps) {}

  async deploy(): Promise<void> {
    if (this.source.warnMinutes) await this.warn();
    else await this.breaches.deploy(this.source);
  }

  async activate(): Promise<void> {
    if (!this.source.warnMinutes) await this.breaches.activate(this.source);
  }

  async run(): Promise<void> {
    if (this.source.warnMinutes) await this.warn();
    else await this.breaches.run(this.source);
  }

  /** Agreements still running that end within the minutes: each is emitted once per end. */
  private async warn(): Promise<void> {
    const { source } = this;
    const minutes = source.warnMinutes ?? 0;
    const client = source.servicenow.client();
    const filter = makeFilter(source.query, [
      ...clausesOf(source),
      ...isOneOf("has_breached", "false"),
      ...isOneOf("active", "true"),
    ]);
    const clock = await client
      .table("task_sla")
      .page({ query: "ORDERBYsys_id", fields: ["sys_id"], limit: 1 });
    const now = Math.floor(clock.date.getTime() / 1000);
    const until = formatStamp(now + minutes * 60 + FURTHEST_ZONE);
    const from = formatStamp(now - FURTHEST_ZONE);
    const format = asFormat(source.format);
    const chosen = source.fields?.length ? source.fields : FIELDS;
    const found = await client.table("task_sla").list({
      query: encodeWith(filter.groups, [`planned_end_time>=${from}`, `planned_end_time<=${until}`]),
      fields: readFields(chosen, FIELDS) ?? FIELDS,
      max: MOST,
      displayValue: readFormat(format),
    });
    if (found.stoppedAt)
      throw usageError(
        `More than ${MOST} agreements end around this time`,
        "Narrow the query or the agreements",
      );
    const seen = new Seen(source, 5_000);
    const due = (found.rows as unknown as Row[])
      .map((row) => ({ row, end: parseStamp(cell(row, "planned_end_time")) }))
      .filter(({ end }) => end >= now && end <= now + minutes * 60)
      .sort((a, b) => a.end - b.end);
    for (const { row, end } of due) {
      const key = `${cell(row, "sys_id")}-${end.toString(36)}`;
      if (!seen.take(key)) continue;
      const left = Math.floor((end - now) / 60);
      source.$emit(
        { ...shape(row, chosen, format), breached: false, minutes_left: left },
        { id: key, ts: end * 1000, summary: `Breaches in ${left} minutes: ${subject(row)}` },
      );
    }
    const state = loadState(source);
    saveState(source, { ...(typeof state === "object" ? state : {}), x: seen.toJSON() });
    log(`${due.length} agreements end within ${minutes} minutes.`);
  }
}
