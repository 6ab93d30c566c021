import type { Condition, ServiceNow } from "../../../common";
import { LABEL_COLUMNS, SEARCH_COLUMNS, recordLabel } from "../record-label";
import { PAGE_SIZE, containsText, orderedQuery, searchText } from "./search";
import { isSysId } from "../../../common/sys-id";

const FIELDS = ["sys_id", "sys_updated_on", ...LABEL_COLUMNS];
const NEWEST_FIRST = [{ field: "sys_updated_on", descending: true }, { field: "sys_id" }];

interface RecordsRequest {
  query?: unknown;
  page: number;
  /** Conditions that every record has to meet. */
  where?: Condition[][];
  /** The column that becomes the value; sys_id unless told. */
  value?: string;
}

/** The columns that this table has, of those worth searching: ServiceNow leaves unknown ones out of its answer, and drops them from a query. */
async function searchable(client: ServiceNow, table: string): Promise<string[]> {
  const { rows } = await client.table(table).page({ query: "", fields: FIELDS, limit: 1 });
  const [row] = rows as Record<string, unknown>[];
  return row ? SEARCH_COLUMNS.filter((column) => column in row) : [];
}

/**
 * Records of a table, last changed first, labelled `INC0010023 – Cannot log in`, found by any part of number, name or description.
 * A sys_id typed or pasted in full is taken as it is.
 */
export async function recordOptions(
  client: ServiceNow,
  table: string,
  { query, page, where = [], value = "sys_id" }: RecordsRequest,
): Promise<{ label: string; value: string }[]> {
  if (!table) return [];
  const text = searchText(query);
  let clauses = where;
  if (isSysId(text)) clauses = [...where, [{ field: "sys_id", operator: "=", value: text.toLowerCase() }]];
  else if (text) {
    const columns = await searchable(client, table);
    if (columns.length === 0) return [];
    clauses = [...where, ...containsText(columns, text)];
  }
  const found = await client.table(table).page({
    query: orderedQuery(clauses, NEWEST_FIRST),
    fields: [...new Set([...FIELDS, value])],
    limit: PAGE_SIZE,
    offset: page * PAGE_SIZE,
  });
  return (found.rows as Record<string, unknown>[])
    .filter((row) => row[value])
    .map((row) => ({ label: recordLabel(row), value: String(row[value]) }));
}
