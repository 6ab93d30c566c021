import type { CallOptions } from "../http/requester";
import type { QueryInput } from "../query";
import type { DisplayValue, ListFacts } from "./types";

/** What a read may ask for. */
export interface ReadOptions<
  F extends string = string,
  D extends DisplayValue = DisplayValue,
  Links extends boolean = boolean,
> extends CallOptions {
  /** Columns to give; dot-walks allowed. All, unless told. */
  fields?: readonly F[];
  /** @default "false" (database values) */
  displayValue?: D;
  /** Give references as objects with a `link`. @default false */
  referenceLinks?: Links;
  /** A view's columns; `fields` wins. */
  view?: string;
  /** Ignore domain separation; needs the right to. */
  noDomain?: boolean;
}

/** Which page of a table to read. */
export interface PageOptions<
  F extends string,
  D extends DisplayValue,
  Links extends boolean,
> extends ReadOptions<F, D, Links> {
  /** Encoded query, sent unchanged; one that ServiceNow would read otherwise than meant is refused. */
  query?: QueryInput;
  /** @default 100 */
  limit?: number;
  /** Rows to pass over. Rows that change meanwhile shift it; {@link ListOptions} has none. */
  offset?: number;
  /** Do not count (`sysparm_no_count`): faster on large tables, and `total` is null. */
  noCount?: boolean;
  /** Leave out the `Link` header. */
  suppressPaginationHeader?: boolean;
  /** Category of the read replica. */
  queryCategory?: string;
}

/** Which rows of a table to read, to the end. */
export interface ListOptions<
  F extends string,
  D extends DisplayValue,
  Links extends boolean,
> extends ReadOptions<F, D, Links> {
  /** Encoded query; its ORDERBY is kept, with sys_id as the tie-break. */
  query?: QueryInput;
  /** Columns to order by, `-number` for descending; after those of the query. */
  orderBy?: readonly string[];
  /** Rows per request. @default 1000 */
  pageSize?: number;
  /** Rows at most. @default 10000 for `list`, none for `pages` and `rows` */
  max?: number;
  /**
   * Ranges of sys_id are read side by side by so many readers, where the order does not matter: `pages` and `rows` only, without an order
   * and without `max`. @default 1
   */
  parallel?: number;
}

/** How values are written, and what comes back. */
export interface WriteOptions<
  F extends string = string,
  D extends DisplayValue = DisplayValue,
  Links extends boolean = boolean,
> extends ReadOptions<F, D, Links> {
  /** Values are what a person would enter: names, labels, dates in the account's zone. */
  inputDisplayValue?: boolean;
  /** Do not set the system columns (who, when). */
  suppressAutoSysField?: boolean;
}

/** The same for a new record. */
export interface CreateOptions<
  F extends string = string,
  D extends DisplayValue = DisplayValue,
  Links extends boolean = boolean,
> extends WriteOptions<F, D, Links> {
  /**
   * A column that holds a value unique to this creation (`correlation_id`). With it a creation whose answer was lost is
   * looked for before it is sent again, and never doubled.
   */
  correlation?: string;
}

/** Rows with what is known of their completeness. */
export interface List<Row> extends ListFacts {
  /** In the order asked for, then by sys_id. */
  rows: Row[];
}
