import type { ServiceNow } from "../../common";
import { choicesOf } from "../../common/schema";
import { wrongInput } from "./input";
import { fieldText } from "./text";

/** How many choices an error lists. */
const SHOWN = 20;

/**
 * The values with choices as they are stored, whether given by value or by label. Throws with the choices there are when a column's list has no
 * such one, since ServiceNow would store anything or nothing. Where the list is not open to the account the text goes over as it is.
 * @param columns the columns to look at, each with the label of its prop; those without a value are left alone
 */
export async function withChoices(
  client: ServiceNow,
  table: string,
  values: Record<string, unknown>,
  columns: Record<string, string>,
): Promise<Record<string, unknown>> {
  const stored = { ...values };
  for (const [column, label] of Object.entries(columns)) {
    const text = fieldText(values[column]).trim();
    if (!text) continue;
    const { choices, source } = await choicesOf(client, table, column);
    const same = (one: string) => one.toLowerCase() === text.toLowerCase();
    const found = choices.find(({ value }) => same(value)) ?? choices.find((choice) => same(choice.label));
    if (!found && source === "dictionary") throw unknownChoice(label, text, choices);
    stored[column] = found?.value ?? text;
  }
  return stored;
}

function unknownChoice(label: string, text: string, choices: readonly { value: string; label: string }[]) {
  const names = choices.map((one) => (one.label === one.value ? one.value : `${one.label} (${one.value})`));
  const there = names.slice(0, SHOWN).join(", ") + (names.length > SHOWN ? ", …" : "");
  return wrongInput(`${label}: the instance has no choice "${text}". There are: ${there}.`);
}
