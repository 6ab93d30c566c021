import type { ServiceNow } from "../../common";
import { equals } from "./query";

/**
 * Rows with raw values under their own names, as the registry's actions give them, and the label of each under `<name>_label` where it
 * differs.
 */
export async function labelledRows(
  client: ServiceNow,
  table: string,
  fields: readonly string[],
  conditions: Record<string, string | undefined>,
  { max = 1, orderBy = [] }: { max?: number; orderBy?: readonly string[] } = {},
): Promise<{ rows: Record<string, string>[]; more: boolean }> {
  const { rows, complete } = await client
    .table(table)
    .list({ query: equals(conditions), fields, displayValue: "all", orderBy, max });
  return { rows: rows.map((row) => labelled(row)), more: !complete };
}

function labelled(
  row: Record<string, { value: string; display_value: string | null }>,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, { value, display_value: label }] of Object.entries(row)) {
    result[name] = value;
    if (label && label !== value) result[`${name}_label`] = label;
  }
  return result;
}
