import type { ServiceNow } from "../client";
import { common } from "../http/api-call";
import type { CallOptions } from "../http/requester";
import { tableName } from "../http/url";
import {
  assertQuery,
  columnKind,
  columnsOf,
  queryError,
  queryText,
  relatedQuery,
  type ColumnTypes,
  type ParsedQuery,
  type QueryInput,
  type RelatedQuery,
} from "../query";
import { columnsOfTable, type Column } from "./columns";

/**
 * Refuses a query that ServiceNow would read otherwise than meant, held against what the columns of the table hold, dot-walks included.
 * Where the dictionary is not open to the account, operators and the shape of values are checked, and columns that no record shows are refused.
 *
 * @returns the query, taken apart
 * @throws ServiceNowError `usage` that names every part at fault and the query that was probably meant
 */
export async function assertTableQuery(
  client: ServiceNow,
  table: string,
  query: QueryInput | undefined,
  options: CallOptions = {},
): Promise<ParsedQuery> {
  const given = typeof query === "object" ? query : queryText(query);
  // What needs no columns is refused before anything is asked.
  const parsed = assertQuery(given);
  const types = await columnTypes(client, table, columnsOf(parsed), options);
  const checked = assertQuery(given, { types });
  for (const { operator, value } of checked.groups.flat(2)) {
    const related = operator === "RLQUERY" ? relatedQuery(value) : undefined;
    if (related) await assertRelated(client, related, options);
  }
  return checked;
}

/** A related-list part names another table, whose columns decide in the same way whether its conditions count. */
async function assertRelated(
  client: ServiceNow,
  { table, column, query }: RelatedQuery,
  options: CallOptions,
): Promise<void> {
  const parsed = assertQuery(query);
  const types = await columnTypes(client, table, [column, ...columnsOf(parsed)], options);
  const link = types(column);
  if (link === null || (link && link.kind !== "reference" && link.kind !== "list")) {
    throw queryError([
      {
        kind: "unknown-column",
        column,
        message: `The table ${table} has no reference "${column}", so RLQUERY cannot count its records and ServiceNow would drop it`,
      },
    ]);
  }
  assertQuery(query, { types });
}

/** What the columns hold, asked of the instance: the table's own ones, and those of the tables that dot-walks lead to. */
export async function columnTypes(
  client: ServiceNow,
  table: string,
  columns: readonly string[],
  options: CallOptions = {},
): Promise<ColumnTypes> {
  const asked = common(options);
  const tables = new Map<string, Promise<Map<string, Column> | undefined>>();
  const load = (name: string): Promise<Map<string, Column> | undefined> => {
    const before = tables.get(name);
    if (before) return before;
    const loading = columnsOfTable(client, name, asked).then(({ columns: found, source }) =>
      source === "dictionary" ? new Map(found.map((column) => [column.name, column])) : undefined,
    );
    tables.set(name, loading);
    return loading;
  };
  const known = new Map<string, ReturnType<ColumnTypes>>();
  for (const path of columns) {
    known.set(path, await typeOf(tableName(table), path.split("."), load));
  }
  return (column) => known.get(column);
}

async function typeOf(
  table: string,
  steps: readonly string[],
  load: (table: string) => Promise<Map<string, Column> | undefined>,
): Promise<ReturnType<ColumnTypes>> {
  let name = table;
  for (const [index, step] of steps.entries()) {
    const columns = await load(name);
    if (!columns) return undefined;
    const column = columns.get(step);
    // A tag stands for a column of every table, and a path may name a column of a table that extends this one.
    if (!column) return step === "sys_tags" || step.startsWith("ref_") ? undefined : null;
    if (index === steps.length - 1) {
      const kind = columnKind(column.type, column.hasChoices === true);
      return column.reference ? { kind, reference: column.reference } : { kind };
    }
    if (!column.reference) return null;
    name = column.reference;
  }
  return undefined;
}
