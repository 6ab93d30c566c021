import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import type { Router } from "../http/router";
import { empty, result, type ApiRequest, type ApiResponse } from "../http/types";
import { deleteRecord } from "../records/write";
import type { Row } from "../store/values";
import { shownAnswers } from "./catalog-answers";
import {
  addToCart,
  briefEntry,
  cartContent,
  cartOf,
  deliveryTime,
  entriesOf,
  entryOrThrow,
  fullEntry,
  removeEntry,
  sumOf,
  updateEntry,
} from "./catalog-cart";
import { describeRequest, emptyCart, orderCart } from "./catalog-order";
import { bodyObject, dollars, known, text } from "./rows";

const base = "sn_sc/servicecatalog";

/** Cart, checkout and wish list. */
export function cartRoutes(instance: Instance, router: Router): void {
  router.on("POST", `${base}/items/:id/add_to_cart`, (request, { id }) => {
    const body = bodyObject(request);
    return instance.store.transaction(() => {
      const entry = addToCart(instance, request.session, id, body);
      const cart = cartOf(instance, request.session);
      return result({
        cart_id: text(cart, "sys_id"),
        subtotal: dollars(sumOf(instance, entriesOf(instance, cart)).price),
        items: [briefEntry(instance, entry)],
      });
    });
  });
  router.on("GET", `${base}/cart`, ({ session }) => result(cartContent(instance, cartOf(instance, session))));
  router.on("POST", `${base}/cart/checkout`, (request) => checkout(instance, request));
  router.on("POST", `${base}/cart/submit_order`, ({ session }) =>
    result(describeRequest(instance.store.transaction(() => orderCart(instance, session)))),
  );
  router.on("GET", `${base}/cart/delivery_address/:user`, (_request, { user }) =>
    result(deliveryAddress(instance, user)),
  );
  router.on("PUT", `${base}/cart/:entry`, (request, { entry }) => {
    const { session } = request;
    const body = bodyObject(request);
    instance.store.transaction(() =>
      updateEntry(instance, session, entryOrThrow(instance, session, entry), body),
    );
    return result(cartContent(instance, cartOf(instance, session)), 201);
  });
  router.on("DELETE", `${base}/cart/:entry`, ({ session }, { entry }) => {
    instance.store.transaction(() => {
      entryOrThrow(instance, session, entry);
      removeEntry(instance, session, entry);
    });
    return empty(204);
  });
  router.on("DELETE", `${base}/cart/:cart/empty`, ({ session }, { cart }) => {
    const row = instance.store.byId(known(instance, "sc_cart"), cart);
    const { user } = session;
    if (!row || (text(row, "user") !== user.sysId && !user.admin && !user.roles.has("catalog_admin")))
      throw errors.badRequest("Invalid cart");
    instance.store.transaction(() => {
      emptyCart(instance, session, row);
      // The cart itself goes with its owner's or the administrator's word; the catalog administrator takes out what is in it.
      if (text(row, "user") === user.sysId || user.admin)
        deleteRecord(instance, session, known(instance, "sc_cart"), cart);
    });
    return empty(204);
  });
  wishListRoutes(instance, router);
}

/** One step orders at once; two steps show first what will be ordered, and submit_order orders it. */
function checkout(instance: Instance, { session }: ApiRequest): ApiResponse {
  const cart = cartOf(instance, session);
  if (entriesOf(instance, cart).length === 0) throw errors.badRequest("Cart is empty");
  if (!twoSteps(instance))
    return result(describeRequest(instance.store.transaction(() => orderCart(instance, session))));
  const requestedFor = text(cart, "requested_for");
  return result({
    ...cartContent(instance, cart),
    delivery_address: text(cart, "delivery_address"),
    special_instructions: text(cart, "special_instructions"),
    requested_for: requestedFor,
    requested_for_user: instance.displays.of("sys_user", requestedFor),
  });
}

/** The property that switches checkout to two steps. */
function twoSteps(instance: Instance): boolean {
  const property = instance.store.get("SELECT value FROM sys_properties WHERE name = ?", [
    "glide.sc.checkout.twostep",
  ]);
  return text(property, "value").toLowerCase() === "true";
}

/** @throws ApiError 400 when there is no such user */
function deliveryAddress(instance: Instance, userId: string): string {
  const user = instance.store.byId(known(instance, "sys_user"), userId);
  if (!user) throw errors.badRequest("Invalid user sys_id");
  const location = instance.store.byId(known(instance, "cmn_location"), text(user, "location"));
  const place: Row = location ?? user;
  const town = [text(place, "city"), text(place, "state"), text(place, "zip")].filter(Boolean).join(", ");
  return [text(place, "street"), town, text(place, "country")].filter(Boolean).join("\n");
}

function wishListRoutes(instance: Instance, router: Router): void {
  const wished = (entry: Row): Record<string, unknown> => ({
    ...briefEntry(instance, entry),
    variables: shownAnswers(instance, entry),
    delivery_time: deliveryTime(instance.store.byId(known(instance, "sc_cat_item"), text(entry, "cat_item"))),
  });
  router.on("POST", `${base}/items/:id/add_to_wishlist`, (request, { id }) => {
    const body = bodyObject(request);
    return instance.store.transaction(() => {
      const entry = addToCart(instance, request.session, id, body, "saved_items");
      return result({ cart_id: text(entry, "cart"), items: [wished(entry)] });
    });
  });
  router.on("GET", `${base}/wishlist`, ({ session }) => {
    const cart = cartOf(instance, session, "saved_items");
    return result({
      cart_id: text(cart, "sys_id"),
      items: entriesOf(instance, cart).map((entry) => fullEntry(instance, entry)),
    });
  });
  router.on("GET", `${base}/wishlist/:entry`, ({ session }, { entry }) => {
    const cart = cartOf(instance, session, "saved_items");
    const row = instance.store.byId(known(instance, "sc_cart_item"), entry);
    if (!row || row.cart !== cart.sys_id) throw errors.noRecord();
    return result(wished(row));
  });
}
