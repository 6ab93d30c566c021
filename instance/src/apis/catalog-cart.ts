import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import { deleteRecord } from "../records/write";
import type { Row } from "../store/values";
import { frequencyLabel, orderableOrThrow } from "./catalog-items";
import { dropAnswers, keptAnswers, readAnswers, shownAnswers, writeAnswers } from "./catalog-answers";
import { requestedFor } from "./catalog-users";
import { unitPrice, type Price } from "./catalog-prices";
import { asObject, asString, change, create, dollars, known, text } from "./rows";
import { durationWords } from "../clock/time";
import type { Session } from "../core/session";

/** The two carts of a user: what is about to be ordered, and the wish list. */
type CartName = "DEFAULT" | "saved_items";

/** The user's cart, made when there is none. */
export function cartOf(instance: Instance, session: Session, name: CartName = "DEFAULT"): Row {
  const found = instance.store.get("SELECT * FROM sc_cart WHERE user = ? AND name = ?", [
    session.user.sysId,
    name,
  ]);
  return (
    found ??
    create(instance, session, "sc_cart", {
      user: session.user.sysId,
      requested_for: session.user.sysId,
      name,
    })
  );
}

export function entriesOf(instance: Instance, cart: Row): Row[] {
  return instance.store.all("SELECT * FROM sc_cart_item WHERE cart = ? AND active = 1 ORDER BY row_number", [
    text(cart, "sys_id"),
  ]);
}

/** @throws ApiError 400 unless it is a positive whole number */
export function readQuantity(given: unknown): number {
  const quantity = Number(asString(given));
  if (asString(given).trim() === "" || !Number.isInteger(quantity) || quantity < 1 || quantity > 100_000)
    throw errors.badRequest("Invalid quantity value");
  return quantity;
}

/** Puts an item into a cart, with its answers, and returns the new entry. */
export function addToCart(
  instance: Instance,
  session: Session,
  itemId: string,
  body: Record<string, unknown>,
  name: CartName = "DEFAULT",
  guide?: string,
): Row {
  const item = orderableOrThrow(instance, session, itemId);
  const wish = name === "saved_items";
  const quantity =
    (wish || guide) && body.sysparm_quantity === undefined ? 1 : readQuantity(body.sysparm_quantity);
  const answers = wish ? asObject(body.variables) : readAnswers(instance, itemId, body.variables);
  const cart = cartOf(instance, session, name);
  const entry = create(instance, session, "sc_cart_item", {
    cart: text(cart, "sys_id"),
    cat_item: text(item, "sys_id"),
    quantity,
    requested_for: requestedFor(instance, body) ?? null,
    order_guide: guide ?? null,
  });
  writeAnswers(instance, session, text(entry, "sys_id"), itemId, answers);
  return entry;
}

/**
 * One's own entry of a cart or wish list.
 *
 * @throws ApiError 400 when there is none
 */
export function entryOrThrow(instance: Instance, session: Session, entryId: string): Row {
  const entry = instance.store.byId(known(instance, "sc_cart_item"), entryId);
  const cart = entry && instance.store.byId(known(instance, "sc_cart"), text(entry, "cart"));
  if (!entry || text(cart, "user") !== session.user.sysId)
    throw errors.badRequest("Invalid cart item", "The item is not in the cart of the user");
  return entry;
}

export function removeEntry(instance: Instance, session: Session, entryId: string): void {
  dropAnswers(instance, session, entryId);
  deleteRecord(instance, session, known(instance, "sc_cart_item"), entryId);
}

/** Changes quantity and answers of an entry. */
export function updateEntry(
  instance: Instance,
  session: Session,
  entry: Row,
  body: Record<string, unknown>,
): void {
  const quantity = readQuantity(body.sysparm_quantity);
  const entryId = text(entry, "sys_id");
  const itemId = text(orderableOrThrow(instance, session, text(entry, "cat_item")), "sys_id");
  if (body.variables !== undefined) {
    const answers = { ...keptAnswers(instance, entryId), ...asObject(body.variables) };
    readAnswers(instance, itemId, answers);
    writeAnswers(instance, session, entryId, itemId, answers);
  }
  change(instance, session, "sc_cart_item", entryId, { quantity });
}

/** The short form of an entry, as add_to_cart gives it. */
export function briefEntry(instance: Instance, entry: Row): Record<string, unknown> {
  const item = instance.store.byId(known(instance, "sc_cat_item"), text(entry, "cat_item"));
  const unit = entryPrice(instance, entry, item);
  const price = dollars(unit.price);
  const recurring = dollars(unit.recurring);
  return {
    catalog_item_id: text(entry, "cat_item"),
    quantity: text(entry, "quantity"),
    localized_price: price,
    price,
    recurring_frequency: item ? frequencyLabel(item) : null,
    localized_recurring_price: recurring,
    recurring_price: recurring,
    item_name: text(item, "name"),
    cart_item_id: text(entry, "sys_id"),
  };
}

export function deliveryTime(item: Row | undefined): string {
  const stored = text(item, "delivery_time");
  return stored === "" ? "" : durationWords(stored);
}

/** The long form of an entry, as the cart gives it. */
export function fullEntry(instance: Instance, entry: Row): Record<string, unknown> {
  const item = instance.store.byId(known(instance, "sc_cat_item"), text(entry, "cat_item"));
  const quantity = Number(entry.quantity ?? 1);
  const { price, recurring } = entryPrice(instance, entry, item);
  return {
    ...briefEntry(instance, entry),
    updated_on: text(entry, "sys_updated_on"),
    short_description: text(item, "short_description"),
    recurring_subtotal_price: dollars(recurring * quantity),
    delivery_time: deliveryTime(item),
    sys_class_name: text(item, "sys_class_name") || "sc_cat_item",
    sys_id: text(entry, "sys_id"),
    subtotal_price: dollars(price * quantity),
    variables: shownAnswers(instance, entry),
    item_id: text(entry, "cat_item"),
    show_price: price > 0,
    recurring_subtotal: recurring * quantity,
    show_quantity: item?.no_quantity !== 1,
    created_by: text(entry, "sys_created_by"),
    picture: text(item, "picture"),
    created_on: text(entry, "sys_created_on"),
    subtotal: price * quantity,
    show_recurring_price: recurring > 0,
    name: text(item, "name"),
    updated_by: text(entry, "sys_updated_by"),
    order_guide: instance.displays.of("sc_cat_item_guide", text(entry, "order_guide")),
  };
}

/** What one piece of an entry costs with the answers given for it. */
function entryPrice(instance: Instance, entry: Row, item: Row | undefined): Price {
  return unitPrice(instance, item, keptAnswers(instance, text(entry, "sys_id")));
}

export function sumOf(instance: Instance, entries: Row[]): Price {
  const sum: Price = { price: 0, recurring: 0 };
  for (const entry of entries) {
    const item = instance.store.byId(known(instance, "sc_cat_item"), text(entry, "cat_item"));
    const unit = entryPrice(instance, entry, item);
    const quantity = Number(entry.quantity ?? 1);
    sum.price += unit.price * quantity;
    sum.recurring += unit.recurring * quantity;
  }
  return sum;
}

/** The cart by how often its items are paid for: `none`, `monthly` and so on. */
export function cartContent(instance: Instance, cart: Row): Record<string, unknown> {
  const entries = entriesOf(instance, cart);
  const content: Record<string, unknown> = {
    cart_id: text(cart, "sys_id"),
    ...totals(sumOf(instance, entries), ""),
  };
  const groups = new Map<string, Row[]>();
  for (const entry of entries) {
    const item = instance.store.byId(known(instance, "sc_cat_item"), text(entry, "cat_item"));
    const frequency = text(item, "recurring_frequency") || "none";
    groups.set(frequency, [...(groups.get(frequency) ?? []), entry]);
  }
  for (const [frequency, group] of groups) {
    const label = frequencyLabel({ recurring_frequency: frequency });
    content[frequency] = {
      ...totals(sumOf(instance, group), label ?? ""),
      frequency_label: label,
      items: group.map((entry) => fullEntry(instance, entry)),
    };
  }
  return content;
}

function totals(sum: Price, frequency: string): Record<string, unknown> {
  return {
    subtotal_price: dollars(sum.price),
    subtotal_recurring_frequency: frequency,
    subtotal_recurring_price: dollars(sum.recurring),
    total_title: "Total",
    show_subtotal_price: String(sum.price > 0),
    subtotal_title: "Subtotal",
  };
}
