import { optionalNumber, optionalText, optionOf } from "../../apps/servicenow/input";
import { checked } from "./checks";
import { makeFilter } from "./filter";
import { requiredTable } from "./table";
import type { SourceThis } from "./this";
import { Threshold } from "./threshold";

interface ThresholdProps extends SourceThis {
  table: string;
  query?: string | undefined;
  threshold: number;
  measure?: string | undefined;
  measuredField?: string | undefined;
  direction?: string | undefined;
  hysteresis?: number | undefined;
}

export const DIRECTIONS = [
  { label: "Rises above", value: "above" },
  { label: "Falls to or below", value: "below" },
  { label: "Both", value: "both" },
] as const;

export const MEASURES = [
  { label: "Count", value: "count" },
  { label: "Sum", value: "sum" },
  { label: "Average", value: "avg" },
  { label: "Minimum", value: "min" },
  { label: "Maximum", value: "max" },
] as const;

/** The threshold that the props of a source describe. */
export const countThreshold = (source: ThresholdProps) => {
  const table = requiredTable(source.table);
  const measure = optionOf(source.measure, MEASURES, "Measure") ?? "count";
  const measuredField = optionalText(source.measuredField, "Measured Field");
  const measured = measure === "count" ? undefined : measuredField;
  return checked(
    source,
    {
      table,
      filter: makeFilter(source.query),
      columns: measured ? [measured] : [],
      measured,
    },
    new Threshold(source, {
      table,
      query: source.query,
      threshold: optionalNumber(source.threshold, "Threshold") ?? NaN,
      measure,
      measuredField,
      direction: optionOf(source.direction, DIRECTIONS, "Direction"),
      hysteresis: optionalNumber(source.hysteresis, "Hysteresis"),
    }),
  );
};
