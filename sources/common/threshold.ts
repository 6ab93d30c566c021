import { usageError } from "../../common";
import { aggregate } from "../../common/apis/aggregate/aggregate";
import { makeFilter } from "./filter";
import { SimpleState } from "./simple-state";
import { log, type SourceThis } from "./this";

export interface ThresholdSettings {
  table: string;
  query?: string | undefined;
  threshold: number;
  measure?: string | undefined;
  measuredField?: string | undefined;
  direction?: string | undefined;
  hysteresis?: number | undefined;
}

type Side = "above" | "below";

interface Measured {
  side: Side;
  /** Null where no record has a value: nothing has no minimum. */
  value: number | null;
  /** Crossings so far: the id of the next one. */
  crossings: number;
  /** When the counting began, in milliseconds: each setting counts from its own start and must not repeat the ids of another. */
  since?: number;
}

const MEASURES = ["count", "sum", "avg", "min", "max"] as const;
type Measure = (typeof MEASURES)[number];

/** A number that the instance computes, and the moments at which it crosses a value. */
export class Threshold {
  private readonly state: SimpleState<Measured>;
  private readonly query: string;
  private readonly measure: Measure;

  constructor(
    private readonly source: SourceThis,
    private readonly settings: ThresholdSettings,
  ) {
    const { table, measure = "count", measuredField = "", threshold, hysteresis = 0 } = settings;
    const filter = makeFilter(settings.query);
    this.query = filter.query;
    if (!MEASURES.includes(measure as Measure))
      throw usageError(`"${measure}" is no measure`, `Use one of ${MEASURES.join(", ")}`);
    this.measure = measure as Measure;
    if (measure !== "count" && !measuredField.trim())
      throw usageError(
        `No field is given for ${measure}`,
        "Set Measured Field to a numeric column, such as reassignment_count",
      );
    if (!Number.isFinite(threshold)) throw usageError("No threshold is given", "Set Threshold to a number");
    this.state = new SimpleState(source, {
      table,
      column: "aggregate",
      groups: filter.groups,
      mode: `${measure} ${measuredField} ${threshold} ${hysteresis}`,
    });
  }

  /** Takes the present side as known: a number that is above already has not crossed. */
  async deploy(): Promise<void> {
    const value = await this.read();
    this.state.value = { side: this.sideOf(value, "below"), value, crossings: 0, since: Date.now() };
    log(value === null ? "No record has a value now." : `The number is ${value} now.`);
  }

  async activate(): Promise<void> {
    if (!this.state.value) await this.deploy();
  }

  async run(): Promise<void> {
    const before = this.state.value;
    if (!before) return this.deploy();
    const value = await this.read();
    const side = this.sideOf(value, before.side);
    const crossed = side !== before.side;
    const { table, threshold, direction = "above", measuredField } = this.settings;
    const number = before.crossings + 1;
    if (crossed && (direction === "both" || direction === side)) {
      const ts = Date.now();
      this.source.$emit(
        {
          table,
          query: this.query,
          measure: this.measure,
          ...(this.measure === "count" ? {} : { field: measuredField }),
          value,
          threshold,
          direction: side,
          measured_at: new Date(ts).toISOString(),
          previous_value: before.value,
        },
        {
          id: `crossing-${before.since === undefined ? "" : `${before.since.toString(36)}-`}${number}`,
          ts,
          summary: `${table}: ${this.measure} ${side === "above" ? "rose above" : "fell to or below"} ${threshold} (${value})`,
        },
      );
    }
    this.state.value = { ...before, side, value, crossings: crossed ? number : before.crossings };
  }

  private sideOf(value: number | null, before: Side): Side {
    if (value === null) return before;
    const { threshold, hysteresis = 0 } = this.settings;
    if (value > threshold) return "above";
    return before === "above" && value > threshold - hysteresis ? "above" : "below";
  }

  private async read(): Promise<number | null> {
    const { table, measuredField = "" } = this.settings;
    const column = measuredField.trim();
    const measure = this.measure;
    const [row] = await aggregate(this.source.servicenow.client(), table, {
      query: this.query,
      ...(measure === "count" ? { count: true } : { [measure]: [column] }),
    });
    const value = measure === "count" ? row?.count : row?.[measure][column];
    if (value === null || value === undefined || value === "") return measure === "sum" ? 0 : null;
    const number = Number(value);
    if (Number.isNaN(number))
      throw usageError(
        `${column} of ${table} is no number, and only numbers have a threshold`,
        "Choose a numeric column",
      );
    return number;
  }
}
