import type { ServiceNow } from "../../common";

/** A column as an input needs it. */
export interface ColumnFacts {
  name: string;
  label: string;
  /** ServiceNow's own name of the type: `string`, `boolean`, `reference`, `glide_date_time` … */
  type: string;
  /** Table a reference points to. */
  reference: string;
  mandatory: boolean;
  readOnly: boolean;
  hasChoices: boolean;
}

/** All columns of a table, inherited ones included. */
export async function tableColumns(client: ServiceNow, table: string): Promise<ColumnFacts[]> {
  const { rows } = await client.table(table).page({ limit: 1 });
  return Object.keys(rows[0] ?? {}).map((name) => ({
    name,
    label: name,
    type: "string",
    reference: "",
    mandatory: false,
    readOnly: name.startsWith("sys_"),
    hasChoices: false,
  }));
}
