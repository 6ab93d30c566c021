import type { ServiceNow } from "../../../common";
import { choicesOf } from "../../../common/schema";

/** The choices of a column in the instance's order; the values in use where the account may not read the list. */
export async function choiceOptions(
  client: ServiceNow,
  table: string,
  column: string,
): Promise<{ label: string; value: string }[]> {
  const { choices } = await choicesOf(client, table, column);
  const seen = new Set<string>();
  // A value of a dependent list stands there once for each value it depends on.
  return choices.flatMap(({ value, label }) => {
    if (!value || seen.has(value)) return [];
    seen.add(value);
    return [{ label: label || value, value }];
  });
}
