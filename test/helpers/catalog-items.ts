import type { useRegistry } from "./registry-suite";
import type { Row } from "./action-suite";

/** Items of the demo catalog: one without mandatory questions, one with questions, and one that asks for an address. */
export const IPAD = "Apple iPad 3";
export const LAPTOP = "Standard Laptop";
export const MAIL = "New Email Account";

interface Question {
  sys_id: string;
  name: string;
  mandatory: boolean;
  choices?: { value: string }[];
}

/** What tests ask of the catalog. */
export function catalogOf({ step, rows }: Pick<ReturnType<typeof useRegistry>, "step" | "rows">) {
  const questions = async (catalogItemSysId: string) =>
    (await step("get-catalog-item-variables", { catalogItemSysId })).result as Question[];
  return {
    questions,
    idOf: async (name: string) => String((await rows("sc_cat_item", `name=${name}`))[0]?.sys_id),
    /** Answers to the mandatory questions of an item. */
    answers: async (item: string): Promise<Row> => {
      const needed = (await questions(item)).filter(({ mandatory }) => mandatory);
      return Object.fromEntries(needed.map(({ name, choices }) => [name, choices?.[0]?.value ?? "1"]));
    },
  };
}
