import { choicesInWords } from "../../apps/servicenow/choice-words";
import type { ServiceNow } from "../../common";
import { choicesOf, type Choices } from "../../common/schema";
import { wrongInput } from "./input";
import { textOf } from "../../common/table/cells";

/**
 * The values with choices as they are stored, whether given by value or by label. Throws with the choices there are when a column's list has no
 * such one, since ServiceNow would store anything or nothing. Where the list is not open to the account the text goes over as it is.
 * @param columns the columns to look at, each with the label of its prop; those without a value are left alone
 * @param free columns that may hold texts beyond their list
 */
export async function withChoices(
  client: ServiceNow,
  table: string,
  values: Record<string, unknown>,
  columns: Record<string, string>,
  free: readonly string[] = [],
): Promise<Record<string, unknown>> {
  const stored = { ...values };
  for (const [column, label] of Object.entries(columns)) {
    const text = textOf(values[column]).trim();
    if (!text) continue;
    const list = await choicesOf(client, table, column);
    stored[column] = choiceIn(list, text, label, free.includes(column));
  }
  return stored;
}

/** The stored value of a text that is a value or a label of a list. @throws ConfigurationError with the choices there are when it is neither */
export function choiceIn(
  { choices, source }: Pick<Choices, "choices" | "source">,
  text: string,
  label: string,
  isFree = false,
): string {
  const same = (one: string) => one.toLowerCase() === text.toLowerCase();
  const found =
    choices.find(({ value }) => same(value)) ??
    choices.find((choice) => same(choice.label) || same(bare(choice.label)));
  if (!found && source === "dictionary" && !isFree)
    throw wrongInput(
      `${label}: the instance has no choice "${text}". There are: ${choicesInWords(choices)}.`,
    );
  return found?.value ?? text;
}

/** Columns of tasks that have choices, with the labels of their props. All but the category are numbers. */
const COLUMNS = { urgency: "Urgency", impact: "Impact", state: "State", category: "Category" };

/** The values of a task's usual choices as they are stored; numbers go over unseen, since ServiceNow judges them itself. */
export async function storedChoices(
  client: ServiceNow,
  table: string,
  values: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const words = Object.entries(COLUMNS).filter(([column]) => !/^-?\d*$/.test(textOf(values[column]).trim()));
  return withChoices(client, table, values, Object.fromEntries(words), ["category"]);
}

/** `High` of `1 - High`. */
const bare = (label: string) => label.replace(/^-?\d+\s*-\s*/, "");
