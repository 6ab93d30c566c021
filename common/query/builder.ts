import { usageError } from "../errors";
import { COLUMN, type Clause, type Order, type ParsedQuery } from "./grammar";
import { formatQuery, parseQuery } from "./parse";

/** What a column is compared with. Dates are written in UTC; a record or `{ value }` stands for its sys_id. */
export type QueryValue = string | number | boolean | Date | { value: string } | Script;

/** An expression that the instance evaluates. */
export interface Script {
  /** The expression, without `javascript:`. */
  readonly script: string;
}

/**
 * An expression for the instance to evaluate, such as `gs.getUserID()`. Instances allow only one simple call of a few
 * functions, and may drop the condition, and so widen the result, when they refuse one.
 */
export function script(expression: string): Script {
  if (!expression.trim() || /[\^;\r\n]/.test(expression))
    throw usageError("The script is not one simple expression");
  return { script: expression.trim() };
}

/** A finished query. Queries are never changed: every method gives a new one. `String(query)` is the encoded text. */
export class Query implements ParsedQuery {
  constructor(
    readonly groups: Clause[][],
    readonly order: Order[] = [],
  ) {}

  /** Both hold. */
  and(...others: readonly Query[]): Query {
    return all(this, ...others);
  }

  /** One of them holds. */
  or(...others: readonly Query[]): Query {
    return any(this, ...others);
  }

  /** Orders by the columns, `-number` for descending, after those it already orders by. */
  orderBy(...columns: readonly string[]): Query {
    const more = columns.map((column) => {
      const descending = column.startsWith("-");
      return { field: checkColumn(descending ? column.slice(1) : column), descending };
    });
    return new Query(this.groups, [...this.order, ...more]);
  }

  /** The encoded query. @throws ServiceNowError `usage` when a value cannot be written without changing the meaning */
  toString(): string {
    return formatQuery(this);
  }
}

/** Every record. */
export const everything = (): Query => new Query([[]]);
/** No record at all. */
export const nothing = (): Query => new Query([[[{ field: "sys_id", operator: "ISEMPTY", value: "" }]]]);

/** All of them hold; without any, everything does. */
export function all(...queries: readonly Query[]): Query {
  return queries.reduce(
    (a, b) =>
      new Query(
        a.groups.flatMap((x) => b.groups.map((y) => [...x, ...y])),
        [...a.order, ...b.order],
      ),
    everything(),
  );
}

/** One of them holds; without any, nothing does. */
export function any(...queries: readonly Query[]): Query {
  const [first, ...rest] = queries;
  if (!first) return nothing();
  const order = queries.flatMap((query) => query.order);
  if (queries.some((query) => query.groups.some((group) => group.length === 0)))
    return new Query([[]], order);
  // Single conditions fit into one clause (^OR), everything else needs groups of its own (^NQ).
  const single = queries.every(({ groups }) => groups.length === 1 && groups[0]?.length === 1);
  if (single) return new Query([[queries.flatMap((query) => query.groups[0]?.[0] ?? [])]], order);
  return new Query([...first.groups, ...rest.flatMap((query) => query.groups)], order);
}

/** A query written by hand or copied from a list, checked and ready to be joined with others. */
export function encoded(text: string): Query {
  const { groups, order } = parseQuery(text);
  return new Query(groups, order);
}

/** The column, when its name can be one. @throws ServiceNowError `usage` */
export function checkColumn(column: string): string {
  if (!COLUMN.test(column))
    throw usageError(
      `"${column}" is not a column name`,
      "Columns are written small: short_description, caller_id.email",
    );
  return column;
}
