import { usageError } from "../../errors";
import { textOf } from "../../table/cells";
import type { Cart, CartItem, Checkout, OrderedRequest } from "./types";

/** The request an order made, whichever of its two pairs of names the answer uses. */
export function toRequest(raw: Record<string, unknown>): OrderedRequest {
  return {
    sys_id: textOf(raw["request_id"]) || textOf(raw["sys_id"]),
    number: textOf(raw["request_number"]) || textOf(raw["number"]),
  };
}

/** What a checkout came to: a request, or the cart still to be submitted. */
export function toCheckout(raw: Record<string, unknown>): Checkout {
  const request = toRequest(raw);
  return request.number ? { ordered: true, request } : { ordered: false, cart: toCart(raw) };
}

/** The lines stand under keys such as `none` and `monthly`; `add_to_cart` gives them directly. */
export function toCart(raw: Record<string, unknown>): Cart {
  const groups = [raw, ...Object.values(raw)].map((group): unknown => Reflect.get(Object(group), "items"));
  const items = groups.filter(Array.isArray).flat() as CartItem[];
  return { cart_id: textOf(raw["cart_id"]), items, content: raw };
}

/** A quantity as the catalog takes it. @throws ServiceNowError `usage` unless it is a whole number above 0 */
export function quantityText(quantity = 1): string {
  if (!Number.isInteger(quantity) || quantity < 1) {
    throw usageError(`The quantity must be a whole number above 0, not ${quantity}`);
  }
  return String(quantity);
}

/** A sys_id or a number that cannot change a query. @throws ServiceNowError `usage` */
export function checkPlain(text: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(text))
    throw usageError(`"${text}" is neither a sys_id nor a number of a request`);
  return text;
}
