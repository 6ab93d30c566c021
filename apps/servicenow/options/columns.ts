import type { ServiceNow } from "../../../common";
import { textOf } from "../../../common/table/cells";
import { tableColumns } from "../columns";
import { filterColumns } from "./filter-columns";
import { PAGE_SIZE, searchText } from "./search";

/** Columns of a table that can be written, as `Short description (short_description)`; mandatory ones first, then by label. */
export async function columnOptions(
  client: ServiceNow,
  table: string,
  { query, page }: { query?: unknown; page: number },
): Promise<{ label: string; value: string }[]> {
  if (!table) return [];
  const text = searchText(query).toLowerCase();
  const columns = (await tableColumns(client, table)).filter(
    ({ name, label, readOnly }) =>
      !readOnly && (name.toLowerCase().includes(text) || label.toLowerCase().includes(text)),
  );
  columns.sort((a, b) => Number(b.mandatory) - Number(a.mandatory) || a.label.localeCompare(b.label, "en"));
  return columns
    .slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)
    .map(({ name, label }) => ({ label: label === name ? name : `${label} (${name})`, value: name }));
}

/**
 * Columns to read, as `Short description (short_description)`, by label. What is typed up to its last dot is a reference, whose columns are
 * offered: `caller_id.` gives `Email (caller_id.email)`.
 */
export async function columnPathOptions(
  client: ServiceNow,
  table: string,
  { query, page }: { query?: unknown; page: number },
): Promise<{ label: string; value: string }[]> {
  if (!table) return [];
  const typed = searchText(query);
  const dot = typed.lastIndexOf(".");
  const text = typed.slice(dot + 1).toLowerCase();
  const columns = await filterColumns(client, table, dot < 0 ? "" : typed.slice(0, dot));
  return columns
    .filter(({ name, label }) => name.slice(dot + 1).includes(text) || label.toLowerCase().includes(text))
    .slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)
    .map(({ name, label }) => ({ label: label === name ? name : `${label} (${name})`, value: name }));
}

/** The same to order by, each ascending and, with a minus, descending. */
export async function orderOptions(
  client: ServiceNow,
  table: string,
  { query, page }: { query?: unknown; page: number },
): Promise<{ label: string; value: string }[]> {
  const found = await columnPathOptions(client, table, { query: textOf(query).replace(/^-/, ""), page });
  return found.flatMap(({ label, value }) => [
    { label: `${label}, ascending`, value },
    { label: `${label}, descending`, value: `-${value}` },
  ]);
}
