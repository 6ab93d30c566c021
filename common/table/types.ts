/** `false` database values, `true` what a person sees, `all` both. */
export type DisplayValue = "false" | "true" | "all";

/** Both sides of a value, as `displayValue: "all"` gives it. An empty choice of a text column has no display value. */
export interface Pair {
  /** What a person sees: labels, names, dates in the zone and format of the account. */
  display_value: string | null;
  /** What is stored: codes, sys_ids, UTC. */
  value: string;
  /** Address of the referenced record, where links were asked for. */
  link?: string;
}

/** A reference as ServiceNow gives it when its link is wanted. */
interface ReferenceLink {
  /** Address of the record in the Table API. */
  link: string;
  /** sys_id of the record. */
  value: string;
}

/** A reference with its link where display values are wanted: there is no sys_id in it. */
interface DisplayLink {
  /** Address of the record in the Table API; the sys_id is its last part. */
  link: string;
  /** What the record is called. */
  display_value: string;
}

/** What stands in a column, by the display value asked for and whether reference links were wanted. */
export type Cell<D extends DisplayValue = "false", Links extends boolean = false> = D extends "all"
  ? Pair
  : Links extends true
    ? string | (D extends "true" ? DisplayLink : ReferenceLink)
    : string;

/** A row whose columns are not named: every column is text. */
export type AnyRow = Record<string, string>;

/** Columns of a result: those asked for, or all of the row. */
type Columns<Row extends object, F extends string> = [F] extends [never] ? Extract<keyof Row, string> : F;

/** A row as it comes back. */
export type ResultRow<
  Row extends object,
  F extends string = never,
  D extends DisplayValue = "false",
  Links extends boolean = false,
> = { [K in Columns<Row, F>]: Cell<D, Links> };

/** One page of a list. */
export interface Page<Row> {
  /** At most as many as were asked for; fewer when some are hidden from the account. */
  rows: Row[];
  /**
   * What the instance claims to match (`X-Total-Count`), rows hidden from the account included; null where it was not asked
   * for or not told.
   */
  total: number | null;
  /** The instance's clock. */
  date: Date;
  /** ServiceNow's `X-Transaction-ID`. */
  requestId?: string;
  /** Length of the answer in characters. */
  bytes: number;
  /**
   * The instance says that there is a next page (`Link`), or its total says so; where it tells neither, a full page may have one.
   * A short page does not mean the end.
   */
  hasNext: boolean;
}

/** What a list knows of its own completeness. */
export interface ListFacts {
  /** What the instance claims to match, or null. */
  total: number | null;
  /** Every row that the account may read was given. */
  complete: boolean;
  /** Why it ended early. */
  stoppedAt?: "max";
  /** Rows that match and are hidden from the account, as far as the total told; null when unknown. */
  hidden: number | null;
}

/** A record, `{ value }`, a reference link or a plain sys_id, wherever a reference is wanted. */
export type Reference = string | { value: string } | { sys_id: string | { value: string } } | AnyRow;
