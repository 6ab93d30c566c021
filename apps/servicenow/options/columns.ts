import type { ServiceNow } from "../../../common";
import { tableColumns } from "../columns";
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
