import { columnKind, type ServiceNow } from "../../../common";
import { columnTypes, type Column } from "../../../common/schema";
import type { FilterColumn } from "../../../components";
import { tableColumns } from "../columns";

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

/** The table that a reference leads to; undefined for any other column. */
export async function referenceOf(
  client: ServiceNow,
  table: string,
  column: string,
): Promise<string | undefined> {
  const found = (await columnTypes(client, table, [column]))(column);
  return found?.reference;
}
