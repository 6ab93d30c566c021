import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { ServiceNowError, usageError } from "../../errors";
import type { HttpMethod } from "../../http/transport";
import type { Params } from "../../http/url";
import type { Reference } from "../../table/types";
import { sysIdOf } from "../../table/values";
import {
  plainAnswers,
  prepareAnswers,
  withReferences,
  type ResolveReference,
  readVariables,
  type CatalogVariable,
  type VariableValue,
} from "./variables";
import { common, path, resultOf, sendDelete } from "../../http/api-call";
import { textOf } from "../../table/cells";
import { checkPlain, quantityText, toCart, toCheckout, toRequest } from "./answers";
import type {
  Cart,
  CartItem,
  CatalogEntry,
  CatalogItem,
  Checkout,
  OrderedRequest,
  OrderOptions,
  RequestedItem,
} from "./types";
import { isSysId } from "../../sys-id";

export type * from "./types";
export type { CatalogVariable, VariableValue } from "./variables";

const BASE = "/api/sn_sc/servicecatalog";
const NEEDS = "the plugin Service Catalog - REST API (com.glideapp.servicecatalog.rest.api)";

/** `catalog(client).orderNow(item, { variables: { … } })` */
export function catalog(client: ServiceNow, settings: CatalogSettings = {}): Catalog {
  return new Catalog(client, settings);
}

/** How answers are understood. */
export interface CatalogSettings {
  /** Finds the records that answers to reference questions mean; they are sent as given unless told. */
  resolveReference?: ResolveReference;
}

/**
 * The service catalog: finding items, their questions, ordering, the cart, record producers and order guides.
 * @see https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html
 */
export class Catalog {
  constructor(
    readonly client: ServiceNow,
    private readonly settings: CatalogSettings = {},
  ) {}

  /** Catalogs the account may see, whose title contains `text`; `max` at most. */
  async catalogs(options: CallOptions & { text?: string; max?: number } = {}): Promise<CatalogEntry[]> {
    const params = { sysparm_text: options.text, sysparm_limit: options.max };
    return this.#read(`${BASE}/catalogs`, "list catalogs", options, params);
  }

  /** One catalog. @throws ServiceNowError `not-found` or `bad-request` when there is none the account may see */
  async catalog(id: Reference, options: CallOptions = {}): Promise<CatalogEntry> {
    return this.#read(path(BASE, "catalogs", sysIdOf(id)), "read the catalog", options);
  }

  /** Categories of a catalog. `topLevelOnly` leaves the inner ones out. */
  async categories(
    id: Reference,
    options: CallOptions & { max?: number; offset?: number; topLevelOnly?: boolean } = {},
  ): Promise<CatalogEntry[]> {
    const params = {
      sysparm_limit: options.max,
      sysparm_offset: options.offset || undefined,
      sysparm_top_level_only: options.topLevelOnly || undefined,
    };
    return this.#read(path(BASE, "catalogs", sysIdOf(id), "categories"), "list categories", options, params);
  }

  /** One category. @throws ServiceNowError as {@link catalog} */
  async category(id: Reference, options: CallOptions = {}): Promise<CatalogEntry> {
    return this.#read(path(BASE, "categories", sysIdOf(id)), "read the category", options);
  }

  /** Items the account may order, by words, category, catalog and type. */
  async items(
    options: CallOptions & {
      text?: string;
      category?: Reference;
      catalog?: Reference;
      type?: string;
      /** @default 100 */
      max?: number;
      offset?: number;
    } = {},
  ): Promise<CatalogItem[]> {
    return this.#read(`${BASE}/items`, "search the catalog", options, {
      sysparm_text: options.text,
      sysparm_category: options.category && sysIdOf(options.category),
      sysparm_catalog: options.catalog && sysIdOf(options.catalog),
      sysparm_type: options.type,
      sysparm_limit: options.max ?? 100,
      sysparm_offset: options.offset || undefined,
    });
  }

  /** One item with its price, pictures and categories. @throws ServiceNowError as {@link catalog} */
  async item(id: Reference, options: CallOptions = {}): Promise<CatalogItem> {
    return this.#read(path(BASE, "items", sysIdOf(id)), "read the catalog item", options);
  }

  /** The questions of an item's form: those in containers and variable sets too, multi-row sets with their columns. */
  async variables(item: Reference, options: CallOptions = {}): Promise<CatalogVariable[]> {
    // The item's own path has them and is the documented one; `items/{id}/variables` is not.
    const { variables } = await this.#read<{ variables?: unknown }>(
      path(BASE, "items", sysIdOf(item)),
      "read the item's questions",
      options,
    );
    return readVariables(variables);
  }

  /**
   * Orders an item at once, past the cart. Not sent twice unless the first try surely did not arrive.
   *
   * @throws ServiceNowError `usage` that names missing and unknown questions, before anything is ordered
   */
  async orderNow(item: Reference, options: OrderOptions = {}): Promise<OrderedRequest> {
    const body = {
      ...(await this.#order(item, options)),
      ...(options.alsoFor?.length
        ? { sysparm_also_request_for: options.alsoFor.map((user) => sysIdOf(user)).join(",") }
        : {}),
    };
    const id = sysIdOf(item);
    return toRequest(
      await this.#write("POST", path(BASE, "items", id, "order_now"), "order the item", options, body),
    );
  }

  /** Submits a record producer. @returns the record it made, and where it lies */
  async submitProducer(
    producer: Reference,
    options: Pick<OrderOptions, "variables" | "check"> & CallOptions = {},
  ): Promise<{ sys_id: string; table: string; number: string; redirectUrl: string }> {
    const variables = await this.#answers(producer, options);
    const address = path(BASE, "items", sysIdOf(producer), "submit_producer");
    const raw = await this.#write("POST", address, "submit the record producer", options, { variables });
    return {
      sys_id: textOf(raw["sys_id"]) || textOf(raw["record"]),
      table: textOf(raw["table"]),
      number: textOf(raw["number"]),
      redirectUrl: textOf(raw["redirect_url"]),
    };
  }

  /** The items an order guide chooses for these answers. Nothing is ordered by it; see {@link checkoutGuide}. */
  async submitGuide(
    guide: Reference,
    options: Pick<OrderOptions, "variables" | "check" | "requestedFor"> & CallOptions = {},
  ): Promise<(CatalogItem & { variables?: unknown })[]> {
    const body = {
      variables: await this.#answers(guide, options),
      ...(options.requestedFor ? { sysparm_requested_for: sysIdOf(options.requestedFor) } : {}),
    };
    const address = path(BASE, "items", sysIdOf(guide), "submit_guide");
    return resultOf(this.client, {
      ...common(options),
      method: "PUT",
      path: address,
      body,
      idempotency: "idempotent",
      operation: "submit the order guide",
      needs: NEEDS,
    });
  }

  /** Orders items of a guide, or puts them into the cart, as the guide is made. */
  async checkoutGuide(
    guide: Reference,
    items: readonly { item: Reference; quantity?: number; variables?: Record<string, VariableValue> }[],
    options: CallOptions & { requestedFor?: Reference } = {},
  ): Promise<Checkout> {
    if (items.length === 0)
      throw usageError("No item of the order guide is chosen", "Give at least one item");
    const chosen: Record<string, unknown>[] = [];
    for (const { item, quantity, variables } of items)
      chosen.push({
        sys_id: sysIdOf(item),
        sysparm_quantity: quantityText(quantity),
        variables: variables
          ? await this.#answers(item, { ...common(options), variables, partial: true })
          : {},
      });
    const body = {
      items: chosen,
      ...(options.requestedFor ? { sysparm_requested_for: sysIdOf(options.requestedFor) } : {}),
    };
    const address = path(BASE, "items", sysIdOf(guide), "checkout_guide");
    return toCheckout(await this.#write("POST", address, "check out the order guide", options, body));
  }

  /** The account's cart. */
  async cart(options: CallOptions = {}): Promise<Cart> {
    return toCart(await this.#read(`${BASE}/cart`, "read the cart", options));
  }

  /** Puts an item into the account's cart. */
  async addToCart(item: Reference, options: OrderOptions = {}): Promise<Cart> {
    const body = await this.#order(item, options);
    const address = path(BASE, "items", sysIdOf(item), "add_to_cart");
    return toCart(await this.#write("POST", address, "add the item to the cart", options, body));
  }

  /**
   * Changes the quantity or the answers of an item in the cart. The instance demands a quantity, so the present one is read where none is given.
   * @throws ServiceNowError `not-found` when it has to be read and the item is not in the cart
   */
  async updateCartItem(
    cartItem: string,
    change: { quantity?: number; variables?: Record<string, VariableValue> },
    options: CallOptions = {},
  ): Promise<Cart> {
    const { quantity, variables } = change;
    const line = quantity === undefined || variables ? await this.#line(cartItem, options) : undefined;
    const item = line?.catalog_item_id;
    const partial = { ...common(options), partial: true, ...(variables ? { variables } : {}) };
    const body = {
      sysparm_quantity: quantityText(quantity ?? Number(line?.quantity ?? 1)),
      ...(variables
        ? { variables: item ? await this.#answers(item, partial) : plainAnswers(variables) }
        : {}),
    };
    return toCart(
      await this.#write("PUT", path(BASE, "cart", cartItem), "change the cart item", options, body),
    );
  }

  async #line(cartItem: string, options: CallOptions): Promise<CartItem> {
    const line = (await this.cart(options)).items.find(({ cart_item_id: id }) => id === cartItem);
    if (line) return line;
    throw new ServiceNowError({
      kind: "not-found",
      what: `Item ${cartItem} is not in the cart of the account`,
      remedy: "Take the cart_item_id of a line in the cart; it is another than the item's own sys_id",
    });
  }

  /** Takes one line out of the cart. @param cartItem `cart_item_id` of the line */
  async removeCartItem(cartItem: string, options: CallOptions = {}): Promise<void> {
    await this.#delete(path(BASE, "cart", cartItem), "remove the cart item", options);
  }

  /** @returns how many items were in it */
  async emptyCart(options: CallOptions = {}): Promise<number> {
    const { cart_id: id, items } = await this.cart(options);
    if (id && items.length > 0)
      await this.#delete(path(BASE, "cart", id, "empty"), "empty the cart", options);
    return items.length;
  }

  /** Checks out the cart: orders it where the instance has one step, shows it where it has two. */
  async checkout(options: CallOptions = {}): Promise<Checkout> {
    return toCheckout(await this.#write("POST", `${BASE}/cart/checkout`, "check out the cart", options, {}));
  }

  /** Orders what is in the cart. */
  async submitOrder(options: CallOptions = {}): Promise<OrderedRequest> {
    const address = `${BASE}/cart/submit_order`;
    return toRequest(await this.#write("POST", address, "submit the order", options, {}));
  }

  /** Where a user's orders go, lines separated by line breaks; empty when nobody knows. */
  async deliveryAddress(user: Reference, options: CallOptions = {}): Promise<string> {
    const address = path(BASE, "cart", "delivery_address", sysIdOf(user));
    return textOf(await this.#read(address, "read the delivery address", options));
  }

  /** The account's wish list; its lines are in `items`, as those of a cart. */
  async wishlist(options: CallOptions = {}): Promise<Cart> {
    return toCart(await this.#read(`${BASE}/wishlist`, "read the wish list", options));
  }

  /**
   * Puts an item on the account's wish list, for later. Nothing is ordered by it. Not sent twice unless it surely did not arrive.
   *
   * @throws ServiceNowError `usage` that names missing and unknown questions, before anything is sent
   */
  async addToWishlist(item: Reference, options: OrderOptions = {}): Promise<Cart> {
    const body = await this.#order(item, options);
    const address = path(BASE, "items", sysIdOf(item), "add_to_wishlist");
    return toCart(await this.#write("POST", address, "put the item on the wish list", options, body));
  }

  /** The requested items of a request, each with its number, state and stage. @param request record, sys_id or number */
  async requestedItems(request: Reference, options: CallOptions = {}): Promise<RequestedItem[]> {
    const id = sysIdOf(request, "request");
    const column = isSysId(id) ? "request" : "request.number";
    const { rows } = await this.client.table("sc_req_item").list({
      ...common(options),
      query: `${column}=${checkPlain(id)}`,
      fields: [
        "sys_id",
        "number",
        "short_description",
        "cat_item",
        "quantity",
        "state",
        "stage",
        "approval",
        "active",
      ],
      displayValue: "all",
    });
    return rows.map((row) => ({
      sys_id: row.sys_id.value,
      number: row.number.value,
      name: row.cat_item.display_value || row.short_description.value,
      quantity: row.quantity.value,
      state: row.state.display_value ?? row.state.value,
      stage: row.stage.display_value ?? row.stage.value,
      approval: row.approval.display_value ?? row.approval.value,
      active: row.active.value === "true",
    }));
  }

  async #order(item: Reference, options: OrderOptions): Promise<Record<string, unknown>> {
    return {
      sysparm_quantity: quantityText(options.quantity),
      ...(options.requestedFor ? { sysparm_requested_for: sysIdOf(options.requestedFor) } : {}),
      variables: await this.#answers(item, options),
    };
  }

  async #answers(
    item: Reference,
    options: Pick<OrderOptions, "variables" | "check"> & CallOptions & { partial?: boolean },
  ): Promise<Record<string, string>> {
    const given = options.variables ?? {};
    if (options.check === false) return plainAnswers(given);
    const variables = await this.variables(item, common(options));
    // Names and mandatory answers first: nothing is looked up for an order that is refused anyway.
    const answers = prepareAnswers(variables, given, options);
    const { resolveReference } = this.settings;
    return resolveReference ? withReferences(variables, answers, resolveReference) : answers;
  }

  async #read<T>(address: string, operation: string, options: CallOptions, params: Params = {}): Promise<T> {
    return resultOf<T>(this.client, {
      ...common(options),
      path: address,
      params: { ...options.params, ...params },
      operation,
      needs: NEEDS,
    });
  }

  async #write(
    method: HttpMethod,
    address: string,
    operation: string,
    options: CallOptions,
    body: unknown,
  ): Promise<Record<string, unknown>> {
    const call = { ...common(options), method, path: address, body, operation, needs: NEEDS };
    return resultOf(this.client, { ...call, idempotency: "not-idempotent" });
  }

  async #delete(address: string, operation: string, options: CallOptions): Promise<void> {
    await sendDelete(this.client, { ...common(options), path: address, operation, needs: NEEDS });
  }
}
