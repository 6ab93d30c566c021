import { FeedError } from "./errors";
import type { FeedOptions } from "./types";

type ColumnCheckOptions = Pick<
  FeedOptions,
  "table" | "column" | "filterColumns" | "read" | "columns" | "groups"
>;

/** Records looked at, newest first, before a table counts as unreadable. */
const FEW = 10;
const MANY = 1_000;

/** The columns, and the references that dot-walked ones begin with: an empty reference excuses a missing path. */
export const withFirstSteps = (columns: readonly string[]): string[] => [
  ...new Set(columns.flatMap((name) => [name, name.split(".")[0] ?? name])),
];

/**
 * Checks that the columns a feed reads exist and can be read. ServiceNow drops a condition on a column it does not know and
 * answers with all records, so this comes before the first poll. Returns false when the table is empty and the dictionary closed:
 * then the first record that comes is checked.
 */
export async function checkColumns(options: ColumnCheckOptions): Promise<boolean> {
  const { table, column, filterColumns = [], read } = options;
  const known = await options.columns?.();
  if (known && known.size > 0) {
    if (!known.has(column)) throw missingTimeColumn(table, column);
    const missing = filterColumns.filter((name) => !known.has(name.split(".")[0] ?? name));
    if (missing.length > 0) throw unknownColumns(table, missing);
  }
  const look = (limit: number) =>
    read({
      query: `ORDERBYDESC${column}^ORDERBYDESCsys_id`,
      fields: ["sys_id", column, ...withFirstSteps(filterColumns)],
      limit,
      displayValue: "false",
    });
  let probe = await look(FEW);
  // The account may read few of the records and still have access to the table.
  if (probe.rows.length === 0 && (probe.total ?? MANY) > FEW) probe = await look(MANY);
  const row = probe.rows[0];
  if (!row) {
    if ((probe.total ?? 0) > 0) {
      throw new FeedError(
        "unreadable",
        `The table ${table} has records, but this account may read none of the newest ${MANY}. ` +
          `Give the account a role that can read ${table} (for incidents, sn_incident_read or itil), or choose another table.`,
      );
    }
    return known !== undefined && known.size > 0;
  }
  // A reference to a record that cannot be read hides its paths too, so one record that has a path is enough.
  const paths = filterColumns.filter((name) => name.includes("."));
  const withPaths = (rows: Record<string, unknown>[]) =>
    rows.find((each) => paths.every((name) => name in each)) ?? withReferences(rows, paths);
  // Where the newest records leave the reference empty, older ones are read.
  const more = withPaths(probe.rows) || (probe.total ?? MANY) <= FEW ? probe : await look(MANY);
  checkRow(options, withPaths(more.rows) ?? row, true);
  return true;
}

/**
 * Refuses to take all records of a range as filtered by ACL where the account has lost its right to the table: what was read before can
 * still be read, or at least one of the newest records.
 */
export async function checkAccess(options: ColumnCheckOptions, known: string | undefined): Promise<void> {
  if (known !== undefined) {
    const { rows } = await options.read({ query: `sys_id=${known}`, fields: ["sys_id"], limit: 1 });
    if (rows.length > 0) return;
  }
  await checkColumns(options);
}

/** A record whose references are set, so that a missing path means a missing column. */
function withReferences(
  rows: Record<string, unknown>[],
  paths: string[],
): Record<string, unknown> | undefined {
  return rows.find((row) => paths.every((name) => (row[name.split(".")[0] ?? name] ?? "") !== ""));
}

/** Checks one record. `paths`: the dot-walked columns were among the fields asked for; whole records do not hold them. */
export function checkRow(
  options: Pick<FeedOptions, "table" | "column" | "filterColumns">,
  row: object,
  paths: boolean,
): void {
  const { table, column, filterColumns = [] } = options;
  if (!("sys_id" in row) || !(column in row))
    throw missingTimeColumn(table, "sys_id" in row ? column : "sys_id");
  // A path over an empty reference may be left out of the answer; its first step never is.
  const values = row as Record<string, unknown>;
  const missing = filterColumns.filter((name) => {
    if (name in row) return false;
    const [first = name, ...rest] = name.split(".");
    if (rest.length === 0 || !(first in row)) return true;
    return paths && values[first] !== "";
  });
  if (missing.length > 0) throw unknownColumns(table, missing);
}

function missingTimeColumn(table: string, column: string): FeedError {
  return new FeedError(
    "missing-column",
    `The table ${table} has no column ${column} that this account can read, so its changes cannot be followed by it. ` +
      `Choose another table, or ask an administrator for read access to ${column}.`,
  );
}

/** The error for columns of a filter that the table lacks or the account may not read. */
export function unknownColumns(table: string, names: string[]): FeedError {
  return new FeedError(
    "unknown-column",
    `The filter uses ${names.length === 1 ? "the column" : "the columns"} ${names.join(", ")}, which ${table} does not have or this account may not read. ` +
      `ServiceNow ignores such a condition and would return every record. Correct the filter (column names, not labels) or ask for read access.`,
  );
}
