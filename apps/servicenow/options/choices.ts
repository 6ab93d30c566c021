import type { ServiceNow } from "../../../common";
import { choicesOf, type ChoiceSource } from "../../../common/schema";

type Option = { label: string; value: string };

/** The choices of a column in the instance's order; the values in use where it has no list, or none that the account may read. */
export async function choiceOptions(client: ServiceNow, table: string, column: string): Promise<Option[]> {
  return (await choiceList(client, table, column)).options;
}

/** The same, with where they come from. */
export async function choiceList(
  client: ServiceNow,
  table: string,
  column: string,
): Promise<{ options: Option[]; source: ChoiceSource }> {
  const { choices, source } = await choicesOf(client, table, column);
  const seen = new Set<string>();
  // A value of a dependent list stands there once for each value it depends on.
  const options = choices.flatMap(({ value, label }) => {
    if (!value || seen.has(value)) return [];
    seen.add(value);
    return [{ label: label || value, value }];
  });
  return { options, source };
}
