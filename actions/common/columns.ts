import { LABEL_COLUMNS } from "../../apps/servicenow/record-label";
import { columnsOf, columnsOfTable, copyable, formatQuery, type ServiceNow, type Table } from "../../common";
import { wrongInput } from "./input";
import { refuseUnsafeQuery } from "./query";

/** Names that stand for a text search and not for a column. */
const PSEUDO = /^123TEXT/;

/** Rows that are read in search of one that the account may see: how many at a time, and how many at most. */
const PORTION = 1000;
const MAX_SEARCHED = 20_000;

/** A row of the table that the account may see, preferably of the query; `null` when all are hidden, `undefined` when none match. */
async function visibleRow(
  client: ServiceNow,
  table: string,
  fields: readonly string[],
  query: string,
): Promise<object | null | undefined> {
  const records = client.table(table);
  const first = await records.first({ fields });
  if (first) return first;
  for (let offset = 0; offset < MAX_SEARCHED; offset += PORTION) {
    const { rows, total } = await records.page({ query, fields, limit: PORTION, offset });
    if (rows[0]) return rows[0];
    if (offset + PORTION >= (total ?? 0)) return total === 0 ? undefined : null;
  }
  return null;
}

/**
 * Which of the columns the table does not have, as far as the account sees: the instance leaves unknown ones out of a row. Where rules hide every
 * row the dictionary tells, if it is open. Undefined when nothing tells.
 * @param query the rows that matter; none of the table means that there is nothing to get wrong
 */
export async function missingColumns(
  client: ServiceNow,
  table: string,
  columns: readonly string[],
  query = "",
): Promise<string[] | undefined> {
  const row = await visibleRow(client, table, ["sys_id", ...columns], query);
  if (row) return columns.filter((column) => !(column in row));
  if (row === undefined) return undefined;
  const known = await columnsOfTable(client, table);
  if (!known.complete) return undefined;
  const names = new Set(known.columns.map(({ name }) => name));
  return columns.filter((column) => !names.has(column.split(".")[0] ?? column));
}

/**
 * Refuses a query on columns that the table does not have: ServiceNow drops such a condition without a word and answers with more rows.
 * @param more further columns that must exist
 */
export async function checkQuery(
  client: ServiceNow,
  table: string,
  query: string | undefined,
  more: readonly string[] = [],
): Promise<void> {
  refuseUnsafeQuery(query ?? "");
  const columns = [...new Set([...columnsOf(query ?? ""), ...more])].filter((column) => !PSEUDO.test(column));
  if (columns.length === 0) return;
  const missing = (await missingColumns(client, table, columns, query)) ?? [];
  if (missing.length > 0)
    throw wrongInput(
      `Table ${table} has no column ${missing.map((column) => `"${column}"`).join(", ")}, or the account may not read it. ServiceNow would ignore the condition and answer with every record. The action "Describe Table" lists the columns.`,
    );
}

/** The columns of an order such as `-sys_created_on`. */
export const orderColumns = (orderBy: readonly string[]): string[] =>
  orderBy.map((column) => column.replace(/^-/, ""));

/** Which of the columns that were written the table does not have, or the account does not see: ServiceNow ignores them without a word. */
export async function unknownColumns(
  records: Table,
  record: object,
  written: readonly string[],
): Promise<string[]> {
  const unseen = written.filter((column) => !(column in record));
  if (unseen.length === 0) return [];
  const row = (await records.first({ fields: ["sys_id", ...unseen] })) ?? {};
  return unseen.filter((column) => !(column in row));
}

/** The columns of a small default result. One that a table does not have is no harm: it is left out. */
export const SUMMARY_FIELDS = [
  "sys_id",
  ...LABEL_COLUMNS,
  "state",
  "priority",
  "active",
  "assigned_to",
  "assignment_group",
  "sys_class_name",
  "sys_updated_on",
];

/** The values of a record that a copy takes over, by column. */
export async function copyableValues(
  client: ServiceNow,
  table: string,
  sysId: string,
  wanted: readonly string[],
): Promise<Record<string, string>> {
  const options = wanted.length > 0 ? { fields: wanted } : {};
  const row = (await client.table(table).get(sysId, options)) as Record<string, string>;
  const missing = wanted.filter((column) => !(column in row));
  if (missing.length > 0)
    throw wrongInput(
      `Fields: table ${table} has no column ${missing.join(", ")}, or the account may not read it.`,
    );
  return wanted.length > 0
    ? Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ""))
    : copyable(row);
}

/** A query for records by sys_id, in portions that fit a URL. */
export function portions(ids: readonly string[], size = 100): string[] {
  const queries: string[] = [];
  for (let start = 0; start < ids.length; start += size)
    queries.push(
      formatQuery({
        groups: [[[{ field: "sys_id", operator: "IN", value: ids.slice(start, start + size).join(",") }]]],
        order: [],
      }),
    );
  return queries;
}
