import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import { flag, limit, offset, param } from "../http/params";
import type { Router } from "../http/router";
import { result, type ApiRequest } from "../http/types";
import type { Row } from "../store/values";
import { isAvailable } from "./user-criteria";
import { cartRoutes } from "./catalog-cart-routes";
import { guideRoutes } from "./catalog-guide";
import { describeItem, describeItemInFull, orderable, visibleItems } from "./catalog-items";
import { asksForWhom, describeRequest, orderNow } from "./catalog-order";
import { readUser } from "./catalog-users";
import { submitProducer } from "./catalog-producer";
import { displayOf } from "./catalog-values";
import { describeVariables } from "./catalog-variables";
import { asString, bodyObject, find, known, readableRow, text } from "./rows";

const base = "sn_sc/servicecatalog";

/** The Service Catalog API. */
export function catalogApi(instance: Instance, router: Router): void {
  browseRoutes(instance, router);
  itemRoutes(instance, router);
  cartRoutes(instance, router);
  guideRoutes(instance, router);
}

function browseRoutes(instance: Instance, router: Router): void {
  router.on("GET", `${base}/catalogs`, ({ session, query }) => {
    const words = param(query, "sysparm_text")?.replaceAll("^", "");
    const rows = find(
      instance,
      session,
      known(instance, "sc_catalog"),
      `active=true${words ? `^titleLIKE${words}` : ""}^ORDERBYtitle`,
      { limit: limit(query, 10_000), offset: offset(query) },
    );
    return result(
      rows
        .filter((row) => isAvailable(instance, session, "sc_catalog", text(row, "sys_id")))
        .map((row) => describeCatalog(instance, row)),
    );
  });
  router.on("GET", `${base}/catalogs/:id`, (request, { id }) =>
    result(describeCatalog(instance, catalogOrThrow(instance, request, id))),
  );
  router.on("GET", `${base}/catalogs/:id/categories`, (request, { id }) => {
    const { session, query } = request;
    catalogOrThrow(instance, request, id);
    const top = flag(query, "sysparm_top_level_only") ? "^parentISEMPTY" : "";
    const rows = find(
      instance,
      session,
      known(instance, "sc_category"),
      `active=true^sc_catalog=${id}${top}^ORDERBYtitle`,
      { limit: limit(query, 10_000), offset: offset(query) },
    );
    return result(
      rows
        .filter((row) => isAvailable(instance, session, "sc_category", text(row, "sys_id")))
        .map((row) => describeCategory(instance, row)),
    );
  });
  router.on("GET", `${base}/categories/:id`, ({ session }, { id }) => {
    const row = readableRow(instance, session, known(instance, "sc_category"), id);
    if (!row || row.active !== 1 || !isAvailable(instance, session, "sc_category", id))
      throw errors.badRequest("Invalid category sys_id");
    return result(describeCategory(instance, row));
  });
}

/** @throws ApiError 400 when there is no such active catalog */
function catalogOrThrow(instance: Instance, { session }: ApiRequest, id: string): Row {
  const row = readableRow(instance, session, known(instance, "sc_catalog"), id);
  if (!row || row.active !== 1 || !isAvailable(instance, session, "sc_catalog", id))
    throw errors.badRequest("Invalid catalog sys_id");
  return row;
}

function describeCatalog(instance: Instance, row: Row): Record<string, unknown> {
  const id = text(row, "sys_id");
  const has = (sql: string, value: string): boolean => instance.store.get(sql, [value]) !== undefined;
  return {
    title: text(row, "title"),
    sys_id: id,
    has_categories: has("SELECT 1 FROM sc_category WHERE sc_catalog = ? AND active = 1", id),
    has_items: has(
      "SELECT 1 FROM sc_cat_item WHERE ',' || sc_catalogs || ',' LIKE ? AND active = 1",
      `%,${id},%`,
    ),
    description: text(row, "description"),
    desktop_image: text(row, "desktop_image"),
  };
}

function describeCategory(instance: Instance, row: Row): Record<string, unknown> {
  const id = text(row, "sys_id");
  const count = instance.store.get(
    "SELECT COUNT(*) AS items FROM sc_cat_item WHERE category = ? AND active = 1",
    [id],
  );
  return {
    title: text(row, "title"),
    description: text(row, "description"),
    full_description: row.full_description ?? null,
    icon: "",
    header_icon: text(row, "header_icon"),
    homepage_image: "",
    count: Number(count?.items ?? 0),
    subcategories: instance.store
      .all("SELECT sys_id, title FROM sc_category WHERE parent = ? AND active = 1 ORDER BY title", [id])
      .map((child) => ({ sys_id: text(child, "sys_id"), title: text(child, "title") })),
    sys_id: id,
  };
}

function itemRoutes(instance: Instance, router: Router): void {
  router.on("GET", `${base}/items`, ({ session, query }) =>
    result(
      visibleItems(instance, session, {
        text: param(query, "sysparm_text"),
        category: param(query, "sysparm_category"),
        catalog: param(query, "sysparm_catalog"),
        type: param(query, "sysparm_type"),
        limit: limit(query, 10_000),
        offset: offset(query),
      }).map((row) => describeItem(instance, row)),
    ),
  );
  router.on("GET", `${base}/items/:id`, (request, { id }) =>
    result(describeItemInFull(instance, request.session, itemOrThrow(instance, request, id))),
  );
  router.on("GET", `${base}/items/:id/variables`, (request, { id }) => {
    itemOrThrow(instance, request, id);
    return result(describeVariables(instance, request.session, id));
  });
  router.on("POST", `${base}/items/:id/order_now`, (request, { id }) => {
    const body = bodyObject(request);
    const ordered = instance.store.transaction(() => orderNow(instance, request.session, id, body));
    return result({
      sys_id: text(ordered, "sys_id"),
      number: text(ordered, "number"),
      ...describeRequest(ordered),
      table: "sc_request",
    });
  });
  router.on("POST", `${base}/items/:id/submit_producer`, (request, { id }) =>
    result(
      instance.store.transaction(() => submitProducer(instance, request.session, id, bodyObject(request))),
    ),
  );
  router.on("GET", `${base}/items/:id/delegation/:user`, (request, { id, user }) => {
    itemOrThrow(instance, request, id);
    const known = instance.users.byId(user);
    return result({ result: known !== undefined && instance.users.mayLogIn(known) });
  });
  router.on("POST", `${base}/items/:id/get_invalid_delegated_users`, (request, { id }) => {
    itemOrThrow(instance, request, id);
    if (!asksForWhom(instance, id))
      return result({
        errCode: "42202",
        errMsg:
          "This item cannot be submitted for multiple people as it is not configured with Requested For",
      });
    const ids = asString(bodyObject(request).sysparm_also_request_for).split(",").filter(Boolean);
    const users = ids.map((user) => readUser(instance, user.trim()));
    return result({
      invalidUsers: users.filter((user) => !instance.users.mayLogIn(user)).map((user) => user.name),
    });
  });
  router.on("POST", `${base}/variables/:id/display_value`, (request, { id }) => {
    const variable = readableRow(instance, request.session, known(instance, "item_option_new"), id);
    if (!variable) throw errors.noRecord();
    return result(displayOf(instance, variable, asString(bodyObject(request).sysparm_value)));
  });
}

/** @throws ApiError 400 when there is no such item for the user */
function itemOrThrow(instance: Instance, { session }: ApiRequest, id: string): Row {
  const item = orderable(instance, session, id);
  if (!item) throw errors.badRequest("Item does not exist or you do not have access to it");
  return item;
}
