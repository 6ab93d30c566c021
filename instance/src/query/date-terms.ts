import { localToUtc, stamp, zoneOffset } from "../clock/time";
import { localSql, type QueryContext, type ResolvedField } from "./fields";
import { shift, startOf, type Unit } from "./ranges";
import type { Fragment } from "../store/sql";

const signs: Record<string, string> = { GT: ">", GE: ">=", LT: "<", LE: "<=", EE: "=" };
/** Units as the filter builder writes them: its `dayofweek` counts days. */
const units: Record<string, Unit> = {
  minute: "minute",
  hour: "hour",
  day: "day",
  dayofweek: "day",
  week: "week",
  month: "month",
  quarter: "quarter",
  year: "year",
};

/** `RELATIVEGT@hour@ago@1`: later than one hour ago. `EE` means within that unit. */
export function relative(
  comparison: string,
  value: string,
  field: ResolvedField,
  context: QueryContext,
): Fragment | undefined {
  const [, unitName = "", direction = "", countText = ""] = value.split("@");
  const count = Number(countText);
  const unit = Object.hasOwn(units, unitName) ? units[unitName] : undefined;
  if (unit === undefined || !/^(ago|ahead)$/.test(direction) || !/^\d+$/.test(countText) || count > 100_000)
    return undefined;
  const local = context.now + zoneOffset(context.user.timeZone, context.now);
  const moved = shift(local, unit, direction === "ago" ? -count : count);
  const text = (time: number): string => {
    const utc = stamp(localToUtc(time, context.user.timeZone));
    return field.column.kind === "date" ? utc.slice(0, 10) : utc;
  };
  if (comparison === "EE") {
    const start = startOf(moved, unit);
    return {
      sql: `${field.sql} BETWEEN ? AND ?`,
      parameters: [text(start), text(shift(start, unit, 1) - 1000)],
    };
  }
  const sign = signs[comparison];
  return (sign && { sql: `${field.sql} ${sign} ?`, parameters: [text(moved)] }) || undefined;
}

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const monthNames = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];

/** `Monday@javascript:gs.datePart('dayofweek','monday','EE')`, in the user's zone. */
export function datePart(value: string, field: ResolvedField, context: QueryContext): Fragment | undefined {
  const found = /datePart\(\s*['"](\w+)['"]\s*,\s*['"](\w+)['"]\s*,\s*['"](\w\w)['"]\s*\)/.exec(value);
  if (!found) return undefined;
  const [, part = "", wanted = "", comparison = ""] = found;
  const sign = signs[comparison];
  if (!sign) return undefined;
  const local = localSql(field, context);
  const expressions: Record<string, [string, (text: string) => number]> = {
    dayofweek: [`CAST(strftime('%w', ${local}) AS INTEGER)`, (text) => weekdays.indexOf(text)],
    month: [
      `CAST(strftime('%m', ${local}) AS INTEGER)`,
      (text) => monthNames.findIndex((name) => name.startsWith(text.slice(0, 3))) + 1,
    ],
    quarter: [`((CAST(strftime('%m', ${local}) AS INTEGER) + 2) / 3)`, Number],
    year: [`CAST(strftime('%Y', ${local}) AS INTEGER)`, Number],
    week: [`CAST(strftime('%W', ${local}) AS INTEGER)`, Number],
    hour: [`CAST(strftime('%H', ${local}) AS INTEGER)`, Number],
    dayofmonth: [`CAST(strftime('%d', ${local}) AS INTEGER)`, Number],
  };
  const expression = Object.hasOwn(expressions, part) ? expressions[part] : undefined;
  if (!expression) return undefined;
  const [sql, read] = expression;
  const number = read(wanted.toLowerCase());
  return Number.isInteger(number) ? { sql: `${sql} ${sign} ?`, parameters: [number] } : undefined;
}

/** `opened_atMORETHANclosed_at@day@before@1`: the field lies more than one day before the other. */
export function fieldDistance(
  operator: "MORETHAN" | "LESSTHAN",
  value: string,
  field: ResolvedField,
  other: ResolvedField,
): Fragment | undefined {
  const [, unit = "", direction = "", countText = ""] = value.split("@");
  const lengths: Record<string, number> = {
    minute: 1 / 1440,
    hour: 1 / 24,
    day: 1,
    dayofweek: 1,
    week: 7,
    month: 30,
    quarter: 91,
    year: 365,
  };
  const count = Number(countText);
  const length = Object.hasOwn(lengths, unit) ? lengths[unit] : undefined;
  if (length === undefined || !Number.isFinite(count) || !/^(before|after)$/.test(direction))
    return undefined;
  const difference =
    direction === "before"
      ? `(julianday(${other.sql}) - julianday(${field.sql}))`
      : `(julianday(${field.sql}) - julianday(${other.sql}))`;
  return {
    sql: `(${difference} >= 0 AND ${difference} ${operator === "MORETHAN" ? ">" : "<"} ?)`,
    parameters: [length * count],
  };
}
