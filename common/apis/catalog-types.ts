import type { CallOptions } from "../client";
import type { Reference } from "../table/types";
import type { VariableValue } from "./catalog-variables";

/** An item of the catalog, as the catalog API gives it (real booleans and numbers). */
export interface CatalogItem extends Record<string, unknown> {
  sys_id: string;
  name: string;
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

export interface OrderOptions extends CallOptions {
  /** @default 1 */
  quantity?: number;
  /** For whom; the account itself unless told. */
  requestedFor?: Reference;
  /** Further people, at most 50; the item must have a question of the type Requested For. */
  alsoFor?: readonly Reference[];
  variables?: Record<string, VariableValue>;
  /** Read the item's questions first, so that names, mandatory answers and choice labels are right. @default true */
  check?: boolean;
}

export interface CartItem extends Record<string, unknown> {
  /** For changing and removing it. */
  cart_item_id: string;
  catalog_item_id?: string;
  item_name?: string;
  quantity?: string;
}

export interface Cart {
  cart_id: string;
  items: CartItem[];
  /** Everything as the instance gave it, grouped by how often it is paid for. */
  content: Record<string, unknown>;
}

/** A checkout orders at once, or shows first what would be ordered where the instance has two steps. */
export type Checkout = { ordered: true; request: OrderedRequest } | { ordered: false; cart: Cart };

export interface CatalogEntry extends Record<string, unknown> {
  sys_id: string;
  title: string;
  description?: string;
}

export interface RequestedItem {
  sys_id: string;
  /** `RITM0010001` */
  number: string;
  name: string;
  quantity: string;
  /** In words. */
  state: string;
  stage: string;
  approval: string;
  active: boolean;
}
