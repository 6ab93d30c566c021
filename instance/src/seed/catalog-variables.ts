import type { Seeder } from "./seeder";

export type Values = Record<string, string | number | boolean | null>;

type VariableForm = [name: string, type: number, question: string, values: Values];

/** Adds the questions of an item, or of a variable set, and returns their sys_ids by name. */
export function seedVariables(
  seeder: Seeder,
  owner: string,
  variables: VariableForm[],
  place: "cat_item" | "variable_set" = "cat_item",
): Record<string, string> {
  const ids: Record<string, string> = {};
  variables.forEach(([name, type, question, values], at) => {
    const { choices, ...rest } = values;
    const id = seeder.add("item_option_new", `${owner} ${name}`, {
      [place]: owner,
      name,
      type,
      question_text: question,
      order: (at + 1) * 100,
      ...rest,
    });
    ids[name] = id;
    for (const [place, choice] of String(choices ?? "")
      .split(",")
      .filter(Boolean)
      .entries()) {
      const [value = "", label = "", misc] = choice.split(":");
      seeder.add("question_choice", `${owner} ${name} ${value}`, {
        question: id,
        value,
        text: label,
        order: (place + 1) * 100,
        misc: misc ?? null,
      });
    }
  });
  return ids;
}
