import type { CallOptions } from "../../http/requester";
import type { Reference } from "../../table/types";
import type { VariableValue } from "./variables";

/** An item of the catalog, as the catalog API gives it (real booleans and numbers). */
export interface CatalogItem extends Record<string, unknown> {
  /** sys_id of the item (`sc_cat_item`), wanted by all that orders it. */
  sys_id: string;
  /** What the shop calls it. */
  name: string;
  /** One line; null where there is none. */
  short_description: string | null;
  /** `catalog_item`, `record_producer`, `order_guide` … */
  type?: string;
}

/** What was ordered. */
export interface OrderedRequest {
  /** sys_id of the request (`sc_request`). */
  sys_id: string;
  /** `REQ0010001` */
  number: string;
}

/** How an item is ordered or put into the cart. */
export interface OrderOptions extends CallOptions {
  /** @default 1 */
  quantity?: number;
  /** For whom; the account itself unless told. */
  requestedFor?: Reference;
  /** Further people, at most 50; the item must have a question of the type Requested For. */
  alsoFor?: readonly Reference[];
  /** Answers by the question's name. Choices by value or label, list collectors as a list, multi-row sets as a list of objects. */
  variables?: Record<string, VariableValue>;
  /** Read the item's questions first, so that names, mandatory answers and choice labels are right. @default true */
  check?: boolean;
}

/** One line of a cart or wish list. */
export interface CartItem extends Record<string, unknown> {
  /** For changing and removing it. */
  cart_item_id: string;
  /** sys_id of the item it orders. */
  catalog_item_id?: string;
  /** Name of that item. */
  item_name?: string;
  /** A whole number, as text. */
  quantity?: string;
}

/** A cart, or a wish list, which is one. */
export interface Cart {
  /** sys_id of the cart (`sc_cart`); empty where the instance does not tell it. */
  cart_id: string;
  /** All lines, however often they are paid for. */
  items: CartItem[];
  /** Everything as the instance gave it, grouped by how often it is paid for. */
  content: Record<string, unknown>;
}

/** A checkout orders at once, or shows first what would be ordered where the instance has two steps. */
export type Checkout = { ordered: true; request: OrderedRequest } | { ordered: false; cart: Cart };

/** A catalog or a category, with what else the instance says of it. */
export interface CatalogEntry extends Record<string, unknown> {
  /** sys_id of the catalog (`sc_catalog`) or category (`sc_category`). */
  sys_id: string;
  /** What people read. */
  title: string;
  /** Longer text; may be HTML. */
  description?: string;
}

/** One item of a request (`sc_req_item`). */
export interface RequestedItem {
  /** sys_id of the requested item. */
  sys_id: string;
  /** `RITM0010001` */
  number: string;
  /** Name of the catalog item, or the short description where there is none. */
  name: string;
  /** A whole number, as text. */
  quantity: string;
  /** In words. */
  state: string;
  /** Where its fulfilment stands, in words. */
  stage: string;
  /** In words: `Requested`, `Approved` … */
  approval: string;
  /** False when it is done or cancelled. */
  active: boolean;
}
