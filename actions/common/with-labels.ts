import type { ServiceNow } from "../../common";
import { equals } from "./query";

export type RowWithLabels = Record<string, string | { link: string; value: string }>;

type Cell = { value: string; display_value: string | null; link?: string };

/**
 * Rows with raw values under their own names, references with their links as the registry's actions give them, and the label of each under
 * `<name>_label` where it differs.
 */
export async function rowsWithLabels(
  client: ServiceNow,
  table: string,
  fields: readonly string[],
  conditions: Record<string, string | undefined>,
  {
    max = 1,
    orderBy = [],
    links = true,
  }: { max?: number; orderBy?: readonly string[]; links?: boolean } = {},
): Promise<{ rows: RowWithLabels[]; more: boolean }> {
  const { rows, complete } = await client
    .table(table)
    .list({ query: equals(conditions), fields, displayValue: "all", referenceLinks: links, orderBy, max });
  return { rows: rows.map((row) => withLabels(row as Record<string, Cell>)), more: !complete };
}

function withLabels(row: Record<string, Cell>): RowWithLabels {
  const result: RowWithLabels = {};
  for (const [name, { value, display_value: label, link }] of Object.entries(row)) {
    result[name] = link ? { link, value } : value;
    if (label && label !== value) result[`${name}_label`] = label;
  }
  return result;
}
