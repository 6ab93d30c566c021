import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import type { Row } from "../store/values";
import { isAvailable } from "./user-criteria";
import { describeVariables } from "./catalog-variables";
import { dollars, find, known, readableRow, text } from "./rows";
import type { Session } from "../core/session";

const types: Record<string, string> = {
  sc_cat_item_producer: "record_producer",
  std_change_record_producer: "record_producer",
  sc_cat_item_guide: "order_guide",
};
const frequencies: Record<string, string> = { daily: "Daily", monthly: "Monthly", yearly: "Annually" };

interface ItemFilter {
  text?: string;
  category?: string;
  catalog?: string;
  type?: string;
  limit: number;
  offset: number;
}

export function typeOf(item: Row): string {
  return types[text(item, "sys_class_name")] ?? "catalog_item";
}

/** Items of the catalogs that the user may see and order. */
export function visibleItems(instance: Instance, session: Session, filter: ItemFilter): Row[] {
  const terms = ["active=true", "sc_catalogsISNOTEMPTY"];
  const literal = (value: string): string => value.replaceAll("^", "");
  if (filter.catalog) terms.push(`sc_catalogsLIKE${literal(filter.catalog)}`);
  if (filter.category) terms.push(`category=${literal(filter.category)}`);
  if (filter.text) {
    const words = literal(filter.text);
    terms.push(`nameLIKE${words}^ORshort_descriptionLIKE${words}^ORdescriptionLIKE${words}`);
  }
  const rows = find(
    instance,
    session,
    known(instance, "sc_cat_item"),
    `${terms.join("^")}^ORDERBYorder^ORDERBYname`,
  );
  const shown = new Map<string, boolean>();
  const there = (kind: "sc_category" | "sc_catalog", id: string): boolean => {
    const known = shown.get(id) ?? isAvailable(instance, session, kind, id);
    shown.set(id, known);
    return known;
  };
  // What stands in a category or in catalogs that the user does not see is not listed, though it can be opened by its id.
  const isShown = (row: Row): boolean =>
    (text(row, "category") === "" || there("sc_category", text(row, "category"))) &&
    text(row, "sc_catalogs")
      .split(",")
      .some((id) => there("sc_catalog", id));
  const wanted = filter.type?.trim().toLowerCase().replace(/\s+/g, "_");
  return rows
    .filter((row) => (!wanted || typeOf(row) === wanted) && mayOrder(instance, session, row) && isShown(row))
    .slice(filter.offset, filter.offset + filter.limit);
}

function mayOrder(instance: Instance, session: Session, item: Row): boolean {
  const { user } = session;
  const roles = text(item, "roles").split(",").filter(Boolean);
  return (
    (user.admin || roles.length === 0 || roles.some((role) => user.roles.has(role.trim()))) &&
    isAvailable(instance, session, "sc_cat_item", text(item, "sys_id"))
  );
}

/** The active item, if the user may order it. */
export function orderable(instance: Instance, session: Session, itemId: string): Row | undefined {
  const item = readableRow(instance, session, known(instance, "sc_cat_item"), itemId);
  return item && item.active === 1 && mayOrder(instance, session, item) ? item : undefined;
}

/** @throws ApiError 400 with the API's own words */
export function orderableOrThrow(instance: Instance, session: Session, itemId: string): Row {
  const item = orderable(instance, session, itemId);
  if (!item) throw errors.badRequest("Security constraints prevent ordering of Item");
  return item;
}

/** Prices as they are shown; what costs nothing shows none. */
function prices(item: Row): Record<string, unknown> {
  const price = dollars(Number(item.price ?? 0));
  const recurring = dollars(Number(item.recurring_price ?? 0));
  return {
    recurring_price: recurring,
    local_currency: "USD",
    recurring_price_currency: "USD",
    localized_price: price,
    price,
    recurring_frequency: frequencyLabel(item),
    localized_recurring_price: recurring,
    price_currency: "USD",
  };
}

export function frequencyLabel(item: Row): string | null {
  return frequencies[text(item, "recurring_frequency")] ?? null;
}

/** An item of a list. Real booleans and numbers, unlike the Table API. */
export function describeItem(instance: Instance, item: Row): Record<string, unknown> {
  const showPrice = Number(item.price ?? 0) > 0 || Number(item.recurring_price ?? 0) > 0;
  const categoryId = text(item, "category");
  return {
    short_description: item.short_description ?? null,
    kb_article: "",
    icon: "images/icons/catalog_item.gifx",
    description: text(item, "description"),
    show_price: showPrice,
    type: typeOf(item),
    show_quantity: item.no_quantity !== 1,
    sys_class_name: text(item, "sys_class_name") || "sc_cat_item",
    picture: text(item, "picture"),
    url: "",
    sys_id: text(item, "sys_id"),
    content_type: "",
    ...(showPrice ? prices(item) : {}),
    catalogs: text(item, "sc_catalogs")
      .split(",")
      .filter(Boolean)
      .map((id) => ({ sys_id: id, title: instance.displays.of("sc_catalog", id) })),
    name: text(item, "name"),
    category:
      categoryId === "" ? "" : { sys_id: categoryId, title: instance.displays.of("sc_category", categoryId) },
    order: Number(item.order ?? 0),
  };
}

/** An item with everything its form needs. */
export function describeItemInFull(instance: Instance, session: Session, item: Row): Record<string, unknown> {
  const category = instance.store.byId(known(instance, "sc_category"), text(item, "category"));
  const parent = category && instance.store.byId(known(instance, "sc_category"), text(category, "parent"));
  return {
    ...describeItem(instance, item),
    mandatory_attachment: item.mandatory_attachment === 1,
    categories: category
      ? [
          {
            sys_id: text(parent ?? category, "sys_id"),
            active: (parent ?? category).active === 1,
            category: {
              sys_id: text(category, "sys_id"),
              active: category.active === 1,
              title: text(category, "title"),
            },
            title: text(parent ?? category, "title"),
          },
        ]
      : [],
    variables: describeVariables(instance, session, text(item, "sys_id")),
    ui_policy: uiPolicies(instance, text(item, "sys_id")),
    client_script: { onChange: [], onSubmit: [], onLoad: [] },
    data_lookup: [],
  };
}

function uiPolicies(instance: Instance, itemId: string): unknown[] {
  return instance.store
    .all(
      `SELECT * FROM catalog_ui_policy WHERE active = 1 AND applies_catalog IS NOT 0 AND (catalog_item = ?
       OR variable_set IN (SELECT variable_set FROM io_set_item WHERE sc_cat_item = ?)) ORDER BY "order"`,
      [itemId, itemId],
    )
    .map((policy) => ({
      sys_id: text(policy, "sys_id"),
      short_description: text(policy, "short_description"),
      conditions: text(policy, "catalog_conditions"),
      onload: policy.on_load === 1,
      reverse: policy.reverse_if_false === 1,
      actions: instance.store
        .all('SELECT * FROM catalog_ui_policy_action WHERE ui_policy = ? ORDER BY "order"', [
          text(policy, "sys_id"),
        ])
        .map((action) => ({
          name: text(action, "catalog_variable"),
          mandatory: text(action, "mandatory"),
          visible: text(action, "visible"),
          disabled: text(action, "disabled"),
          cleared: action.cleared === 1,
        })),
    }));
}
