import { usageError } from "../errors";
import { checkColumn, everything, nothing, Query, type QueryValue } from "./builder";
import { dayBounds, formatDateTime, rangeValue, type DateRange } from "../time/date-time";
import type { Operator } from "./grammar";
import { formatCondition } from "./parse";
import { assertPlainValue } from "./plain-value";

/** How values are written. */
export interface BuilderOptions {
  /** The zone in which the instance reads date literals. @default UTC, as instances are known to */
  zone?: string;
}

/** A condition on a column: `where("priority").lessOrEqual(2)`. A column without its comparison is no query. */
export function where<Column extends string>(column: Column, options: BuilderOptions = {}): Comparison {
  return new Comparison(checkColumn(column), options);
}

/** `where` for the columns of a row type; a name that is not one does not compile. Dot-walks begin with a column. */
export function whereFor<Row extends object>(
  options: BuilderOptions = {},
): (column: Extract<keyof Row, string> | `${Extract<keyof Row, string>}.${string}`) => Comparison {
  return (column) => where(column, options);
}

/** What a column can be asked. */
export class Comparison {
  readonly #column: string;
  readonly #options: BuilderOptions;

  constructor(column: string, options: BuilderOptions) {
    this.#column = column;
    this.#options = options;
  }

  /** Equal; a list means one of them, null means empty. */
  equals(value: QueryValue | null | readonly QueryValue[]): Query {
    if (value === null || value === "") return this.isEmpty();
    return isList(value) ? this.in(value) : this.#make("=", this.#text(value));
  }
  /** Not equal; a list means none of them, null means not empty. */
  notEquals(value: QueryValue | null | readonly QueryValue[]): Query {
    if (value === null || value === "") return this.isNotEmpty();
    return isList(value) ? this.notIn(value) : this.#make("!=", this.#text(value));
  }
  /** One of the values. One of none: nothing. */
  in(values: readonly QueryValue[]): Query {
    const list = this.#listed(values);
    return list.length ? this.#make("IN", this.#list(list)) : nothing();
  }
  /** None of the values. None of none: everything. */
  notIn(values: readonly QueryValue[]): Query {
    const list = this.#listed(values);
    return list.length ? this.#make("NOT IN", this.#list(list)) : everything();
  }
  /** The text stands anywhere in it (`LIKE`); case does not count, `%` means nothing. */
  contains(text: string): Query {
    return this.#make("LIKE", this.#needed(text));
  }
  /** Does not contain; empty values are left out by ServiceNow. */
  notContains(text: string): Query {
    return this.#make("NOT LIKE", this.#needed(text));
  }
  /** Begins with the text; case does not count. */
  startsWith(text: string): Query {
    return this.#make("STARTSWITH", this.#needed(text));
  }
  /** Ends with the text; case does not count. */
  endsWith(text: string): Query {
    return this.#make("ENDSWITH", this.#needed(text));
  }
  /** Has no value. */
  isEmpty(): Query {
    return this.#make("ISEMPTY", "");
  }
  /** Has a value. */
  isNotEmpty(): Query {
    return this.#make("ISNOTEMPTY", "");
  }
  /** The empty text, as against no value. */
  isEmptyString(): Query {
    return this.#make("EMPTYSTRING", "");
  }
  /** Every record (`ANYTHING`), for filters that are made by a form. */
  isAnything(): Query {
    return this.#make("ANYTHING", "");
  }
  /** Greater, or later. Choices are compared by their stored value. */
  greaterThan(value: QueryValue): Query {
    return this.#make(">", this.#text(value));
  }
  /** Greater or equal, later or at the same second. */
  greaterOrEqual(value: QueryValue): Query {
    return this.#make(">=", this.#text(value));
  }
  /** Less, or earlier. */
  lessThan(value: QueryValue): Query {
    return this.#make("<", this.#text(value));
  }
  /** Less or equal, earlier or at the same second. */
  lessOrEqual(value: QueryValue): Query {
    return this.#make("<=", this.#text(value));
  }
  /** Both ends included. */
  between(from: QueryValue, to: QueryValue): Query {
    const ends = [this.#text(from), this.#text(to)];
    if (ends.some((end) => end.includes("@")))
      throw usageError(`A value for ${this.#column} has an "@" in it, which BETWEEN cannot take`);
    return this.#make("BETWEEN", ends.join("@"));
  }
  /** On a calendar day (`YYYY-MM-DD`) of a zone, written as two UTC moments. */
  onDay(day: string, zone?: string): Query {
    const { from, to } = dayBounds(day, zone);
    return this.between(from, to);
  }
  /** In a range that the instance works out, in the account's zone. */
  on(range: DateRange): Query {
    return this.#make("ON", rangeValue(range));
  }
  /** Not in a range that the instance works out; empty values are left out. */
  notOn(range: DateRange): Query {
    return this.#make("NOTON", rangeValue(range));
  }
  /** Later (`GT`, `GE`), earlier (`LT`, `LE`) or within (`EE`) a distance from now. */
  relative(
    operator: "GT" | "GE" | "LT" | "LE" | "EE",
    amount: number,
    unit: "minute" | "hour" | "dayofweek" | "month" | "quarter" | "year",
    side: "ago" | "ahead" = "ago",
  ): Query {
    if (!Number.isInteger(amount) || amount < 0) throw usageError("The distance is not a whole number");
    return this.#make(`RELATIVE${operator}`, `@${unit}@${side}@${amount}`);
  }
  /** A part of the calendar: `where("opened_at").datePart("Monday", "dayofweek", "monday")`. */
  datePart(
    label: string,
    part: string,
    value: string,
    operator: "GE" | "LE" | "GT" | "LT" | "EE" = "EE",
  ): Query {
    if (![label, part, value].every((text) => /^[\w ]+$/.test(text)))
      throw usageError("A date part has letters and digits only");
    return this.#make("DATEPART", `${label}@javascript:gs.datePart('${part}','${value}','${operator}')`);
  }
  /** Equal to another column; dates by `year`, `month`, `day` … when a grain is given. */
  sameAs(column: string, grain?: string): Query {
    return this.#make("SAMEAS", other(column, grain));
  }
  /** Different from another column; dates by a grain, as {@link sameAs}. */
  differentFrom(column: string, grain?: string): Query {
    return this.#make("NSAMEAS", other(column, grain));
  }
  /** Greater or later than another column of the same record. */
  greaterThanColumn(column: string): Query {
    return this.#make("GT_FIELD", checkColumn(column));
  }
  /** Greater than another column, or equal. */
  greaterOrEqualColumn(column: string): Query {
    return this.#make("GT_OR_EQUALS_FIELD", checkColumn(column));
  }
  /** Less or earlier than another column of the same record. */
  lessThanColumn(column: string): Query {
    return this.#make("LT_FIELD", checkColumn(column));
  }
  /** Less than another column, or equal. */
  lessOrEqualColumn(column: string): Query {
    return this.#make("LT_OR_EQUALS_FIELD", checkColumn(column));
  }
  /** More than a distance before or after another date column. */
  moreThan(column: string, amount: number, unit: "hour" | "day" | "week", side: "before" | "after"): Query {
    return this.#make("MORETHAN", distance(column, amount, unit, side));
  }
  /** Less than a distance before or after another date column. */
  lessThanDistance(
    column: string,
    amount: number,
    unit: "hour" | "day" | "week",
    side: "before" | "after",
  ): Query {
    return this.#make("LESSTHAN", distance(column, amount, unit, side));
  }
  /** A dynamic filter option, such as "Me", by its sys_id. */
  dynamic(sysId: string): Query {
    return this.#make("DYNAMIC", this.#text(sysId));
  }
  /** The record itself or one below it, by the parent column of its table. */
  inHierarchy(sysId: string): Query {
    return this.#make("IN_HIERARCHY", this.#text(sysId));
  }
  /** The same, beginning at a dynamic filter option such as "My groups". */
  inHierarchyDynamic(sysId: string): Query {
    return this.#make("IN_HIERARCHY_DYNAMIC", this.#text(sysId));
  }
  /** On `sys_class_name`: the class or one below it. */
  instanceOf(table: string): Query {
    return this.#make("INSTANCEOF", this.#text(table));
  }

  #make(operator: Operator, value: string): Query {
    const condition = { field: this.#column, operator, value };
    // Refused here, where the value is given, rather than when the text is written.
    formatCondition(condition);
    return new Query([[[condition]]]);
  }

  /** A list, also of a program without types that gives one value alone. */
  #listed(values: readonly QueryValue[]): readonly QueryValue[] {
    return isList(values) ? values : [values];
  }

  #text(value: QueryValue): string {
    if (value instanceof Date) return formatDateTime(value, this.#options.zone);
    if (typeof value === "object" && value !== null) {
      return "script" in value ? `javascript:${value.script}` : this.#scalar(value.value);
    }
    return this.#scalar(value);
  }

  #scalar(value: unknown): string {
    if (typeof value === "number" && !Number.isFinite(value))
      throw usageError(`The number for ${this.#column} is not finite`);
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      const empty = value === undefined || value === null;
      throw usageError(
        `The value for ${this.#column} is ${empty ? String(value) : "neither a text, a number, a date nor a record"}`,
        "Leave the column out, or ask with isEmpty() or isNotEmpty()",
      );
    }
    return this.#plain(String(value));
  }

  #plain(text: string): string {
    return assertPlainValue(this.#column, text);
  }

  #needed(given: string): string {
    const text = this.#scalar(given);
    if (text === "")
      throw usageError(`The text to look for in ${this.#column} is empty, which would match every record`);
    return text;
  }

  #list(values: readonly QueryValue[]): string {
    const texts = values.map((value) => this.#text(value));
    if (texts.some((text) => text.includes(","))) {
      throw usageError(
        `A value of the list for ${this.#column} has a comma in it`,
        "Join single conditions with any()",
      );
    }
    if (texts.some((text) => text === ""))
      throw usageError(`A value of the list for ${this.#column} is empty`, "Use isEmpty()");
    return texts.join(",");
  }
}

/** True for a list of values. */
export function isList(value: unknown): value is readonly QueryValue[] {
  return Array.isArray(value);
}

function other(column: string, grain: string | undefined): string {
  if (grain !== undefined && !/^[a-z]+$/.test(grain))
    throw usageError(`"${grain}" is not a grain of dates`, "Use year, month, week, day, hour");
  return grain ? `${checkColumn(column)}@${grain}` : checkColumn(column);
}

function distance(column: string, amount: number, unit: string, side: string): string {
  if (!Number.isInteger(amount) || amount < 0) throw usageError("The distance is not a whole number");
  return `${checkColumn(column)}@${unit}@${side}@${amount}`;
}
