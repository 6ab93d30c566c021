import type { ServiceNow } from "../../common";
import {
  catalog,
  type Catalog,
  type CatalogItem,
  type CatalogVariable,
  type OrderOptions,
  type OrderedRequest,
  type VariableValue,
} from "../../common/apis/catalog/catalog";
import { readTogether } from "../../common/table/pages-together";
import { objectList } from "./bulk";
import { atMost, optionalObject, optionalSysId, optionalText, sysId, wrongInput } from "./input";
import { optionalReference, referenceIn } from "./resolve";

const PAGE = 100;

interface ItemSearch {
  text?: string | undefined;
  catalog?: string | undefined;
  category?: string | undefined;
  type?: string | undefined;
  max: number;
  offset: number;
}

/** Items by words and place, page after page, and whether there are more than asked for. */
export async function searchItems(
  client: ServiceNow,
  search: ItemSearch,
): Promise<{ items: CatalogItem[]; more: boolean }> {
  const { type, max } = search;
  const text = optionalText(search.text, "Query");
  const catalogId = optionalSysId(search.catalog, "Catalog");
  const category = optionalSysId(search.category, "Category");
  const items: CatalogItem[] = [];
  // One more than wanted tells whether there are more: the catalog API gives no total.
  while (items.length <= max) {
    const size = Math.min(PAGE, max + 1 - items.length);
    const page = await catalog(client).items({
      ...(text ? { text } : {}),
      ...(catalogId ? { catalog: catalogId } : {}),
      ...(category ? { category } : {}),
      ...(type ? { type } : {}),
      max: size,
      offset: search.offset + items.length,
    });
    items.push(...page);
    if (page.length < size) break;
  }
  return { items: items.slice(0, max), more: items.length > max };
}

/** A question as somebody who answers it needs it: trimmed, with a word on where valid answers come from. */
export function describeVariable(variable: CatalogVariable): Record<string, unknown> {
  const { id, name, label, type, mandatory, readOnly, defaultValue, help, reference, choices, set, columns } =
    variable;
  const scripted = defaultValue.startsWith("javascript:");
  const answers = reference
    ? `a record of table ${reference}, by sys_id or name`
    : choices.length > 0
      ? "one of the choices"
      : /check/.test(type)
        ? "true or false"
        : "free text";
  return {
    ...(id ? { sys_id: id } : {}),
    name,
    label,
    type,
    mandatory,
    ...(readOnly ? { readOnly } : {}),
    ...(defaultValue && !scripted ? { defaultValue } : {}),
    ...(scripted ? { default: "computed by the instance when the form opens" } : {}),
    ...(help ? { help } : {}),
    validAnswers: answers,
    ...(choices.length > 0 ? { choices } : {}),
    ...(reference ? { reference } : {}),
    ...(set ? { set } : {}),
    ...(columns.length > 0 ? { columns: columns.map(describeVariable) } : {}),
  };
}

/** The catalog, in whose orders references are given as in every other input: by name, e-mail or sys_id, and never one that does not exist. */
export function catalogOf(client: ServiceNow): Catalog {
  const read = readTogether(client);
  return catalog(client, {
    resolveReference: (table, text, label) => referenceIn(client, table, text, label, read),
  });
}

/** Answers as the client takes them; none where none were given. */
export function answersOf(variables: unknown): { variables?: Record<string, VariableValue> } {
  const given = optionalObject(variables, "Variables");
  return given ? { variables: given as Record<string, VariableValue> } : {};
}

/** Quantity, answers and receiver of an order. */
export async function orderOptions(
  client: ServiceNow,
  props: { quantity?: unknown; variables?: unknown; requestedFor?: string | undefined },
): Promise<OrderOptions> {
  const requestedFor = await optionalReference(client, "user", props.requestedFor, "Requested For");
  return {
    quantity: atMost(props.quantity, 1, "Quantity"),
    ...answersOf(props.variables),
    ...(requestedFor ? { requestedFor } : {}),
  };
}

/** An order in ServiceNow's own names. */
export function orderResult({ sys_id: id, number }: OrderedRequest): Record<string, string> {
  return { sys_id: id, number, request_id: id, request_number: number, table: "sc_request" };
}

/** Stops the checkout of a cart with nothing in it. */
export async function requireItems(cart: Catalog): Promise<void> {
  const { items } = await cart.cart();
  if (items.length === 0)
    throw wrongInput(
      'The cart is empty, so there is nothing to order. The action "Add Item to Cart" fills it.',
    );
}

/** How many items a guide has chosen, in whichever shape the instance answers. */
export function guideItems(result: unknown): number {
  if (Array.isArray(result)) return result.length;
  const items: unknown = Reflect.get(Object(result), "items");
  return Array.isArray(items) ? items.length : 0;
}

/** The items of an order guide's checkout, checked one by one. */
export function checkoutItems(
  value: unknown,
): { item: string; quantity: number; variables?: Record<string, VariableValue> }[] {
  const entries = objectList(
    value,
    "Items",
    '[{"sys_id": "1c741bd70b2322007518478d83673af3", "quantity": 1}]',
  );
  return entries.map((entry, index) => {
    const place = `Items, entry ${index + 1}`;
    const quantity = Number(entry.quantity ?? entry.sysparm_quantity ?? 1);
    if (!Number.isInteger(quantity) || quantity < 1)
      throw wrongInput(`${place}: the quantity must be a whole number above 0.`);
    const variables = optionalObject(entry.variables, `${place}, variables`);
    for (const [name, answer] of Object.entries(variables ?? {}))
      if (answer === null || answer === undefined)
        throw wrongInput(`${place}: variable "${name}" has no value. Give "" to leave it blank on purpose.`);
    return {
      item: sysId(entry.sys_id, `${place}, sys_id`),
      quantity,
      ...(variables ? { variables: variables as Record<string, VariableValue> } : {}),
    };
  });
}
