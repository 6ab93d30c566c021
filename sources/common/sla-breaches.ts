import { isBlank, plainValue, wholeNumber, wrongInput } from "../../apps/servicenow/input";
import { isOneOf } from "./filter";
import { recordSource } from "./record-source";
import { startOf } from "./start-from";
import { SLA_FIELDS, slaClauses, slaSubject, type SlaProps } from "./sla";
import { SlaWarnings } from "./sla-warnings";

/** The longest time to warn before, in minutes. */
const WEEK = 10_080;

const breaches = recordSource((source: SlaProps) => ({
  table: "task_sla",
  column: "sys_updated_on" as const,
  clauses: [...slaClauses(source), ...isOneOf("has_breached", "true")],
  defaultFields: SLA_FIELDS,
  needs: SLA_FIELDS,
  // ServiceNow recalculates breached agreements again and again.
  dedupe: { happened: "planned_end_time" },
  summary: (row) => `Breached: ${slaSubject(row)}`,
  more: () => ({ breached: true, minutes_left: 0 }),
}));

/** Breaches of service level agreements, or those that are near. */
export class SlaBreaches {
  private readonly warnings: SlaWarnings | undefined;

  constructor(private readonly source: SlaProps) {
    const { warnMinutes } = source;
    if (isBlank(plainValue(warnMinutes))) return;
    this.warnings = new SlaWarnings(source, wholeNumber(warnMinutes, 0, "Warn Before", { max: WEEK }));
  }

  deploy = () => {
    if (!this.warnings) return breaches.deploy(this.source);
    if ("from" in startOf(this.source))
      throw wrongInput(
        "Start From: a warning is about a breach to come. Leave Warn Before empty for breaches of the past, or choose another Start From.",
      );
    return this.warnings.deploy();
  };

  async activate(): Promise<void> {
    if (!this.warnings) await breaches.activate(this.source);
  }

  run = () => this.warnings?.run() ?? breaches.run(this.source);
}
