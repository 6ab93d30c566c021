import type { Instance } from "../core/instance";
import type { Row } from "../store/values";
import { answerTo, variablesOf, type Answers } from "./catalog-form";
import { variableType } from "./catalog-variables";
import { text } from "./rows";

/** Amounts in dollars. */
export interface Price {
  price: number;
  recurring: number;
}

/** What one piece costs with these answers: the item's own prices, those of chosen choices, and those of ticked boxes. */
export function unitPrice(instance: Instance, item: Row | undefined, answers: Answers): Price {
  const sum: Price = { price: Number(item?.price ?? 0), recurring: Number(item?.recurring_price ?? 0) };
  if (!item) return sum;
  for (const variable of variablesOf(instance, text(item, "sys_id"))) {
    const answer = answerTo(variable, answers);
    if (answer === "") continue;
    if (Number(variable.type) === variableType.checkBox) {
      if (answer !== "true") continue;
      sum.price += Number(variable.price_if_checked ?? 0);
      sum.recurring += Number(variable.rec_price_if_checked ?? 0);
      continue;
    }
    const choice = instance.store.get(
      "SELECT misc, rec_misc FROM question_choice WHERE question = ? AND value = ? AND inactive IS NOT 1",
      [text(variable, "sys_id"), answer],
    );
    sum.price += Number(choice?.misc ?? 0);
    sum.recurring += Number(choice?.rec_misc ?? 0);
  }
  return sum;
}
