import type { ServiceNow } from "../../../common";
import { assertTableQuery } from "../../../common/schema";
import type { FilterMatches } from "../../../components";
import { choiceOptions } from "../options/choices";
import { referenceOf } from "../options/filter-columns";
import { recordOptions } from "../options/records";
import { LABEL_COLUMNS, recordLabel } from "../record-label";
import { textOf } from "../../../common/table/cells";

const FIRST = 3;
/** The values of a column: its choices, or records of the table that it refers to. */
export async function filterValues(
  client: ServiceNow,
  table: string,
  { column, query }: { column: string; query: string },
): Promise<{ label: string; value: string }[]> {
  if (!table || !column) return [];
  const reference = await referenceOf(client, table, column);
  if (reference) return recordOptions(client, reference, { query, page: 0 });
  const [name = "", ...path] = column.split(".").reverse();
  const owner = path.length === 0 ? table : await referenceOf(client, table, path.reverse().join("."));
  return owner ? choiceOptions(client, owner, name) : [];
}

/**
 * How many records meet a filter now, and the first of them.
 * @throws ServiceNowError `usage` for a filter that the instance would read otherwise than meant
 */
export async function filterMatches(
  client: ServiceNow,
  table: string,
  filter: string,
): Promise<FilterMatches> {
  await assertTableQuery(client, table, filter);
  const { rows, total } = await client
    .table(table)
    .page({ query: filter, fields: ["sys_id", ...LABEL_COLUMNS], limit: FIRST });
  const first = (rows as Record<string, unknown>[]).map((row) => ({
    label: recordLabel(row),
    link: client.recordLink(table, textOf(row.sys_id)),
  }));
  return { count: total, first };
}
