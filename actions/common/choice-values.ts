import { choiceOptions } from "../../apps/servicenow/options/choices";
import type { ServiceNow } from "../../common";
import { wrongInput } from "./input";

/** Columns whose stored values are numbers, with the prop's label for the error; others may hold texts that are no choice. */
const NUMBERED: Record<string, string> = { urgency: "Urgency", impact: "Impact", state: "State" };
const CHOICES = [...Object.keys(NUMBERED), "category"];

/**
 * Replaces labels by stored values, since ServiceNow ignores a label without a word: `High` or `1 - High` becomes `1`. Throws with the choices
 * when a numbered column is given a text that is none of them.
 */
export async function storedChoices(
  client: ServiceNow,
  table: string,
  values: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const stored = { ...values };
  for (const column of CHOICES) {
    const text = String(values[column] ?? "").trim();
    if (!text || /^-?\d+$/.test(text)) continue;
    const choices = await choiceOptions(client, table, column);
    const found = choices.find(({ value, label }) =>
      [value, label, bare(label)].some((one) => same(one, text)),
    );
    if (found) stored[column] = found.value;
    else if (NUMBERED[column] && choices.length > 0)
      throw wrongInput(
        `${NUMBERED[column]}: "${text}" is no choice of ${table}. There are: ${choices.map(({ label, value }) => `${value} (${label})`).join(", ")}.`,
      );
  }
  return stored;
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
/** `High` of `1 - High`. */
const bare = (label: string) => label.replace(/^-?\d+\s*-\s*/, "");
