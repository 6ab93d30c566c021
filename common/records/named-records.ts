import { assertPlainValue, formatQuery, type Condition } from "../query";
import type { ReadOne } from "../table/pages-together";

/** A query for records where one of the columns is the text. */
export function equalsAny(columns: readonly string[], text: string): string {
  const alternatives = columns.map((field): Condition => ({
    field,
    operator: "=",
    value: assertPlainValue(field, text),
  }));
  return formatQuery({ groups: [[alternatives]], order: [{ field: "sys_id", descending: false }] });
}

/** The records that a text may mean. */
export interface NamedRecords<F extends string> {
  /** The one that is meant: the only one with this name, or the only active one. */
  meant: Record<F, string> | undefined;
  /** All that show the text in one of the columns. */
  rows: Record<F, string>[];
  /** Records that match, those that access rules hide included; null where the instance does not count. */
  total: number | null;
  /** More match than were read. */
  more: boolean;
}

/**
 * The records that have the text in one of the columns: which record is meant, in one place for the client and the actions.
 * ServiceNow passes over a condition on a column that is not there, and `=NULL` finds empty columns; so a record must show the text.
 *
 * @param read reads alone, or together with others in one request
 * @param limit candidates at most
 * @throws ServiceNowError when the text cannot stand in a query, or the read fails
 */
export async function namedRecords<F extends string>(
  read: ReadOne,
  { table, columns, fields }: { table: string; columns: readonly F[]; fields: readonly F[] },
  text: string,
  limit: number,
): Promise<NamedRecords<F>> {
  const page = await read({
    table,
    query: equalsAny(columns, text),
    fields: [...new Set([...fields, ...columns])],
    limit: limit + 1,
  });
  const rows = page.rows.filter((row) => columns.some((column) => isSameName(row[column], text)));
  const active = rows.filter((row) => !("active" in row) || row.active !== "false");
  const [one, ...others] = active.length > 0 ? active : rows;
  const more = page.rows.length > limit;
  return {
    meant: others.length === 0 && !more ? one : undefined,
    rows: rows.slice(0, limit),
    total: page.total,
    more,
  };
}

/** As the database compares texts: without regard to case and accents. */
function isSameName(stored: unknown, text: string): boolean {
  return (
    typeof stored === "string" &&
    stored.trim().localeCompare(text.trim(), undefined, { sensitivity: "base" }) === 0
  );
}
