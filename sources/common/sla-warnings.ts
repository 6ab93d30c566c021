import { usageError } from "../../common";
import { cell, formatStamp, parseStamp } from "../../common/change-feed";
import { isOneOf, makeFilter } from "./filter";
import { asFormat, readFields, readFormat, shape, type Row } from "./payload";
import { encodeWith } from "./query";
import { ProcessedKeys } from "./processed-keys";
import { SLA_FIELDS, slaClauses, slaSubject, type SlaProps } from "./sla";
import { loadState, log, saveState } from "./this";

/** Literals are read in the account's zone on some instances; this much earlier and later no such reading misses a record. */
const FURTHEST_ZONE = 15 * 3600;
const MOST = 5_000;
/** Events that a deployment may emit. */
const FIRST = 25;
/** Events between two saves. */
const SLICE = 50;
const STATE = "warnings";

interface Agreement {
  row: Row;
  /** Epoch seconds. */
  end: number;
  key: string;
}

/** Service level agreements that are about to be breached: each is emitted once per end. */
export class SlaWarnings {
  private readonly processed: ProcessedKeys;
  /** Instance time of the poll before, epoch seconds. */
  private readonly before: number | undefined;
  private readonly filter;

  constructor(
    private readonly source: SlaProps,
    private readonly minutes: number,
  ) {
    this.processed = new ProcessedKeys(source, MOST);
    const state = loadState(source) as { f?: unknown; p?: unknown } | null | undefined;
    this.before = state?.f === STATE && Number.isSafeInteger(state.p) ? Number(state.p) : undefined;
    this.filter = makeFilter(source.query, [
      ...slaClauses(source),
      // A paused agreement ends later than it says.
      ...isOneOf("stage", ["in_progress", "breached"]),
    ]);
  }

  /** The agreements that end soonest; the others follow with the next poll. */
  deploy = () => this.run(FIRST);

  async run(most = Infinity): Promise<void> {
    const now = await this.clock();
    // What ended since the poll before was never near its end at a poll.
    const due = await this.endingBetween(Math.min(this.before ?? now, now), now);
    let emitted = 0;
    for (const agreement of due) {
      if (emitted >= most) break;
      if (!this.processed.take(agreement.key)) continue;
      this.emit(agreement, now);
      if (++emitted % SLICE === 0) this.save(this.before ?? now);
    }
    this.save(now);
    log(`${due.length} agreements end within ${this.minutes} minutes.`);
  }

  private emit({ row, end, key }: Agreement, now: number): void {
    const { source } = this;
    const format = asFormat(source.format);
    const chosen = source.fields?.length ? source.fields : SLA_FIELDS;
    const left = Math.max(0, Math.floor((end - now) / 60));
    const breached = end <= now;
    source.$emit(
      { ...shape(row, chosen, format), breached, minutes_left: left },
      {
        id: key,
        ts: end * 1000,
        summary: `${breached ? "Breached" : `Breaches in ${left} minutes`}: ${slaSubject(row)}`,
      },
    );
  }

  private save(now: number): void {
    saveState(this.source, { v: 1, f: STATE, p: now, x: this.processed.toJSON() });
  }

  /** The instance's clock, epoch seconds. */
  private async clock(): Promise<number> {
    const { date } = await this.source.servicenow
      .client()
      .table("task_sla")
      .page({ query: "ORDERBYsys_id", fields: ["sys_id"], limit: 1 });
    return Math.floor(date.getTime() / 1000);
  }

  private async endingBetween(from: number, now: number): Promise<Agreement[]> {
    const { source } = this;
    const until = now + this.minutes * 60;
    const bounds = [
      `planned_end_time>=${formatStamp(from - FURTHEST_ZONE)}`,
      `planned_end_time<=${formatStamp(until + FURTHEST_ZONE)}`,
    ];
    const chosen = source.fields?.length ? source.fields : SLA_FIELDS;
    const found = await source.servicenow
      .client()
      .table("task_sla")
      .list({
        query: encodeWith(this.filter.groups, bounds),
        fields: readFields(chosen, SLA_FIELDS) ?? SLA_FIELDS,
        max: MOST,
        displayValue: readFormat(asFormat(source.format)),
      });
    if (found.stoppedAt)
      throw usageError(
        `More than ${MOST} agreements end around this time`,
        "Narrow the query or the agreements",
      );
    return (found.rows as unknown as Row[])
      .map((row) => {
        const end = parseStamp(cell(row, "planned_end_time"));
        return { row, end, key: `${cell(row, "sys_id")}-${end.toString(36)}` };
      })
      .filter(({ row, end }) =>
        end > now ? end <= until && cell(row, "has_breached") !== "true" : end > from,
      )
      .sort((a, b) => a.end - b.end);
  }
}
