import { usageError } from "../errors";
import { textOf } from "./call";
import type { Cart, CartItem, Checkout, OrderedRequest } from "./catalog-types";

export function toRequest(raw: Record<string, unknown>): OrderedRequest {
  return {
    sys_id: textOf(raw["request_id"]) || textOf(raw["sys_id"]),
    number: textOf(raw["request_number"]) || textOf(raw["number"]),
  };
}

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

export function quantityText(quantity = 1): string {
  if (!Number.isInteger(quantity) || quantity < 1) {
    throw usageError(`The quantity must be a whole number above 0, not ${quantity}`);
  }
  return String(quantity);
}

export function checkPlain(text: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(text))
    throw usageError(`"${text}" is neither a sys_id nor a number of a request`);
  return text;
}
