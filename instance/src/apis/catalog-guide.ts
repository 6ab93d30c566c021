import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import type { Router } from "../http/router";
import { result } from "../http/types";
import type { Row } from "../store/values";
import { readAnswers } from "./catalog-answers";
import { addToCart, cartContent, cartOf } from "./catalog-cart";
import { describeItemInFull, orderable, typeOf } from "./catalog-items";
import { describeRequest, orderCart } from "./catalog-order";
import { answerTo, variablesOf, type Answers } from "./catalog-form";
import { asObject, asString, bodyObject, known, text } from "./rows";
import type { Session } from "../core/session";

const base = "sn_sc/servicecatalog";

/** Order guides: answers to a few questions lead to several items that are ordered together. */
export function guideRoutes(instance: Instance, router: Router): void {
  // Documented as PUT; clients were seen to send POST.
  for (const method of ["PUT", "POST"])
    router.on(method, `${base}/items/:id/submit_guide`, (request, { id }) => {
      const guide = guideOrThrow(instance, request.session, id);
      const answers = readAnswers(instance, text(guide, "sys_id"), bodyObject(request).variables);
      return result(
        chosenItems(instance, guide, answers).flatMap(({ item, order }) => {
          const row = orderable(instance, request.session, item);
          if (!row) return [];
          return [
            {
              ...describeItemInFull(instance, request.session, row),
              show_quantity: false,
              quantity: "1",
              order: String(order),
            },
          ];
        }),
      );
    });
  router.on("POST", `${base}/items/:id/checkout_guide`, (request, { id }) => {
    const { session } = request;
    const guide = guideOrThrow(instance, session, id);
    const { items } = bodyObject(request);
    if (!Array.isArray(items) || items.length === 0)
      throw errors.badRequest("Invalid request body", "items is missing");
    return instance.store.transaction(() => {
      for (const entry of items) {
        const wanted = asObject(entry);
        addToCart(instance, session, asString(wanted.sys_id), wanted, "DEFAULT", text(guide, "sys_id"));
      }
      // The documented sense of the flag: a two-step guide has asked already, and orders at once.
      if (guide.two_step === 1) return result(describeRequest(orderCart(instance, session)));
      return result(cartContent(instance, cartOf(instance, session)));
    });
  });
}

function guideOrThrow(instance: Instance, session: Session, id: string): Row {
  const item = orderable(instance, session, id);
  const guide = item && instance.store.byId(known(instance, "sc_cat_item_guide"), id);
  if (!guide || typeOf(item) !== "order_guide")
    throw errors.badRequest("Security constraints prevent ordering of Item");
  return guide;
}

/** Items of the rule base whose condition (`name=value`, joined by `^`) the answers meet. */
function chosenItems(instance: Instance, guide: Row, answers: Answers): { item: string; order: number }[] {
  const guideId = text(guide, "sys_id");
  const values = new Map(
    variablesOf(instance, guideId).map((variable) => [text(variable, "name"), answerTo(variable, answers)]),
  );
  const meets = (term: string): boolean => {
    const [, name = "", operator, value = ""] = /^([^!=]+)(!?=)(.*)$/s.exec(term) ?? [];
    const equal = (values.get(name) ?? "").toLowerCase() === value.toLowerCase();
    return operator === "!=" ? !equal : equal;
  };
  return instance.store
    .all('SELECT * FROM sc_cat_item_guide_items WHERE guide = ? ORDER BY "order"', [guideId])
    .filter((rule) => text(rule, "condition").split("^").filter(Boolean).every(meets))
    .map((rule) => ({ item: text(rule, "item"), order: Number(rule.order ?? 0) }));
}
