import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import { deleteRecord } from "../records/write";
import type { Row } from "../store/values";
import { parseStamp, stamp } from "../clock/time";
import { dropAnswers, keptAnswers, readAnswers, writeRows } from "./catalog-answers";
import { cartOf, entriesOf, readQuantity } from "./catalog-cart";
import { readUser, requestedFor } from "./catalog-users";
import { orderableOrThrow, typeOf } from "./catalog-items";
import { answerTo, holdsValue, variablesOf, type Answers } from "./catalog-form";
import { unitPrice } from "./catalog-prices";
import { variableType } from "./catalog-variables";
import { asString, create, known, text } from "./rows";
import type { Session } from "../core/session";

interface Line {
  item: Row;
  quantity: number;
  answers: Answers;
  /** For whom; one requested item each. */
  users: string[];
  guide: string;
}

interface Delivery {
  requestedFor: string;
  address?: string;
  instructions?: string;
}

/** Orders one item at once and returns its request. */
export function orderNow(
  instance: Instance,
  session: Session,
  itemId: string,
  body: Record<string, unknown>,
): Row {
  const item = orderableOrThrow(instance, session, itemId);
  if (typeOf(item) !== "catalog_item")
    throw errors.badRequest("Security constraints prevent ordering of Item");
  const quantity = readQuantity(body.sysparm_quantity);
  const answers = readAnswers(instance, itemId, body.variables);
  const recipient = requestedFor(instance, body) ?? session.user.sysId;
  const others = alsoFor(instance, itemId, asString(body.sysparm_also_request_for));
  return placeOrder(
    instance,
    session,
    [{ item, quantity, answers, users: [recipient, ...others], guide: "" }],
    { requestedFor: recipient },
  );
}

/**
 * Orders what is in the user's cart and empties it.
 *
 * @throws ApiError 400 when it is empty
 */
export function orderCart(instance: Instance, session: Session): Row {
  const cart = cartOf(instance, session);
  const entries = entriesOf(instance, cart);
  if (entries.length === 0) throw errors.badRequest("Cart is empty");
  const requestedFor = text(cart, "requested_for") || session.user.sysId;
  const lines = entries.map((entry) => ({
    item: orderableOrThrow(instance, session, text(entry, "cat_item")),
    quantity: Number(entry.quantity ?? 1),
    answers: keptAnswers(instance, text(entry, "sys_id")),
    users: [text(entry, "requested_for") || requestedFor],
    guide: text(entry, "order_guide"),
  }));
  const request = placeOrder(instance, session, lines, {
    requestedFor,
    address: text(cart, "delivery_address"),
    instructions: text(cart, "special_instructions"),
  });
  emptyCart(instance, session, cart);
  deleteRecord(instance, session, known(instance, "sc_cart"), text(cart, "sys_id"));
  return request;
}

/** Takes everything out of a cart. The answers of ordered entries belong to the requested items by then. */
export function emptyCart(instance: Instance, session: Session, cart: Row): void {
  for (const entry of entriesOf(instance, cart)) {
    dropAnswers(instance, session, text(entry, "sys_id"));
    deleteRecord(instance, session, known(instance, "sc_cart_item"), text(entry, "sys_id"));
  }
}

/** A request with a requested item, its variables and, where a group fulfils the item, a catalog task. */
function placeOrder(instance: Instance, session: Session, lines: Line[], delivery: Delivery): Row {
  const total = lines.reduce(
    (sum, { item, answers, quantity, users }) =>
      sum + unitPrice(instance, item, answers).price * quantity * users.length,
    0,
  );
  const catalog = text(lines[0]?.item, "sc_catalogs").split(",")[0] || null;
  const request = create(instance, session, "sc_request", {
    requested_for: delivery.requestedFor,
    opened_by: session.user.sysId,
    price: total.toFixed(2),
    sc_catalog: catalog,
    delivery_address: delivery.address || null,
    special_instructions: delivery.instructions || null,
    stage: "requested",
    due_date: stamp(dueTime(instance, lines)),
  });
  for (const line of lines)
    for (const user of line.users) requestItem(instance, session, request, line, user, catalog);
  return request;
}

function dueTime(instance: Instance, lines: Line[]): number {
  const longest = Math.max(
    0,
    ...lines.map((line) => parseStamp(text(line.item, "delivery_time")) ?? 2 * 86_400_000),
  );
  return instance.stampTime() + longest;
}

function requestItem(
  instance: Instance,
  session: Session,
  request: Row,
  { item, quantity, answers, guide }: Line,
  user: string,
  catalog: string | null,
): void {
  const { price, recurring } = unitPrice(instance, item, answers);
  const ritm = create(instance, session, "sc_req_item", {
    request: text(request, "sys_id"),
    parent: text(request, "sys_id"),
    cat_item: text(item, "sys_id"),
    quantity,
    price: price.toFixed(2),
    recurring_price: recurring.toFixed(2),
    recurring_frequency: item.recurring_frequency ?? null,
    short_description: item.short_description ?? item.name ?? null,
    description: item.short_description ?? null,
    requested_for: user,
    opened_by: session.user.sysId,
    sc_catalog: catalog,
    order_guide: guide || null,
    assignment_group: item.group ?? null,
    estimated_delivery: request.due_date ?? null,
    due_date: request.due_date ?? null,
    stage: "request_approved",
  });
  for (const variable of variablesOf(instance, text(item, "sys_id"))) {
    if (!holdsValue(variable)) continue;
    const asked = Number(variable.type) === variableType.requestedFor ? user : answerTo(variable, answers);
    const option = create(instance, session, "sc_item_option", {
      item_option_new: text(variable, "sys_id"),
      value: asked || null,
      order: variable.order ?? null,
    });
    create(instance, session, "sc_item_option_mtom", {
      request_item: text(ritm, "sys_id"),
      sc_item_option: text(option, "sys_id"),
    });
  }
  writeRows(instance, session, text(item, "sys_id"), answers, "sc_req_item", text(ritm, "sys_id"));
  if (item.group)
    create(instance, session, "sc_task", {
      request: text(request, "sys_id"),
      request_item: text(ritm, "sys_id"),
      parent: text(ritm, "sys_id"),
      cat_item: text(item, "sys_id"),
      sc_catalog: catalog,
      short_description: item.short_description ?? item.name ?? null,
      assignment_group: item.group,
      opened_by: session.user.sysId,
    });
}

/** Whether an item may be asked for on behalf of others: it has a variable of the type Requested For. */
export function asksForWhom(instance: Instance, itemId: string): boolean {
  return variablesOf(instance, itemId).some(
    (variable) => Number(variable.type) === variableType.requestedFor,
  );
}

function alsoFor(instance: Instance, itemId: string, list: string): string[] {
  const users = list
    .split(",")
    .map((id) => id.trim())
    .filter(Boolean);
  if (users.length === 0) return [];
  if (users.length > 50) throw errors.badRequest("An item can be requested for 50 additional users at most");
  if (!asksForWhom(instance, itemId))
    throw errors.badRequest(
      "This item cannot be submitted for multiple people as it is not configured with Requested For",
    );
  return users.map((user) => readUser(instance, user).sysId);
}

/** The answer of everything that orders. */
export function describeRequest(request: Row): Record<string, string> {
  return { request_number: text(request, "number"), request_id: text(request, "sys_id") };
}
