import { columnKind, type ServiceNow } from "../../../common";
import { assertTableQuery, columnTypes, type Column } from "../../../common/schema";
import type { FilterColumn, FilterMatches } from "../../../components";
import { tableColumns } from "../columns";
import { choiceOptions } from "../options/choices";
import { recordOptions } from "../options/records";
import { LABEL_COLUMNS, recordLabel } from "../record-label";
import { textOf } from "../../../common/table/cells";

const FIRST = 3;
const PICKED = new Set(["choice", "number-choice", "reference", "list"]);

function filterColumn(path: string, { name, label, type, reference, hasChoices }: Column): FilterColumn {
  const kind = columnKind(type, hasChoices === true);
  return {
    name: path === "" ? name : `${path}.${name}`,
    label,
    kind,
    ...(PICKED.has(kind) ? { hasValues: true } : {}),
    ...(reference !== "" && kind === "reference" ? { leads: true } : {}),
  };
}

/** The columns that a filter may compare: those of the table, or of the table that a reference leads to, by label. */
export async function filterColumns(
  client: ServiceNow,
  table: string,
  path: string,
): Promise<FilterColumn[]> {
  const target = path === "" ? table : await referenceOf(client, table, path);
  if (!target) return [];
  const columns = (await tableColumns(client, target)).map((column) => filterColumn(path, column));
  const searchable = columns.filter(({ kind }) => kind !== "not-searchable");
  return searchable.sort((a, b) => a.label.localeCompare(b.label, "en"));
}

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

async function referenceOf(client: ServiceNow, table: string, column: string): Promise<string | undefined> {
  const found = (await columnTypes(client, table, [column]))(column);
  return found?.reference;
}
