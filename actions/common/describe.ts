import type { ServiceNow } from "../../common";
import { choicesOf, columnsOfTable, type Column, type Columns } from "../../common/schema";

type Described = Omit<Column, "attributes"> & { choices?: { value: string; label: string }[] };

/** The columns of a table, those that match a text if one is given, by name, with choices on request. */
export async function describeTable(
  client: ServiceNow,
  table: string,
  search: string | undefined,
  withChoices: boolean,
): Promise<Omit<Columns, "columns"> & { table: string; columns: Described[] }> {
  const found = await columnsOfTable(client, table);
  const wanted = (search ?? "").toLowerCase();
  const columns: Described[] = found.columns
    .filter(({ name, label }) => name.includes(wanted) || label.toLowerCase().includes(wanted))
    .map(({ attributes: _attributes, ...column }) => column);
  if (withChoices)
    for (const column of columns)
      if (column.hasChoices) column.choices = (await choicesOf(client, table, column.name)).choices;
  return { ...found, table, columns };
}
