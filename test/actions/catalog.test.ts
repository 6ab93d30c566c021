import addItemToCart from "../../actions/add-item-to-cart/add-item-to-cart";
import cancelRequest from "../../actions/cancel-request/cancel-request";
import checkOrderStatus from "../../actions/check-order-status/check-order-status";
import checkoutCart from "../../actions/checkout-cart/checkout-cart";
import checkoutOrderGuide from "../../actions/checkout-order-guide/checkout-order-guide";
import deleteCartItem from "../../actions/delete-cart-item/delete-cart-item";
import emptyCart from "../../actions/empty-cart/empty-cart";
import getCatalogItemVariables from "../../actions/get-catalog-item-variables/get-catalog-item-variables";
import getCatalogUiPolicies from "../../actions/get-catalog-ui-policies/get-catalog-ui-policies";
import getQuestionChoices from "../../actions/get-question-choices/get-question-choices";
import getRequestedItemVariables from "../../actions/get-requested-item-variables/get-requested-item-variables";
import getRequestedItems from "../../actions/get-requested-items/get-requested-items";
import getWishlist from "../../actions/get-wishlist/get-wishlist";
import listCatalogCategories from "../../actions/list-catalog-categories/list-catalog-categories";
import orderCatalogItem from "../../actions/order-catalog-item/order-catalog-item";
import searchCatalogItems from "../../actions/search-catalog-items/search-catalog-items";
import submitCartOrder from "../../actions/submit-cart-order/submit-cart-order";
import submitOrderGuide from "../../actions/submit-order-guide/submit-order-guide";
import submitRecordProducer from "../../actions/submit-record-producer/submit-record-producer";
import updateCartItem from "../../actions/update-cart-item/update-cart-item";
import updateRequestedItemVariables from "../../actions/update-requested-item-variables/update-requested-item-variables";
import viewCart from "../../actions/view-cart/view-cart";
import { propOptions } from "../helpers/components";
import { checkoutItems } from "../../actions/common/catalog";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow, toRows } from "../helpers/present";

const { run, total, read, rows, auth } = useInstance();
const SIMPLE = "Apple iPad 3";

/** Answers to every mandatory question of an item. */
async function answers(item: string): Promise<Row> {
  const { result } = await run(getCatalogItemVariables, { catalogItemSysId: item });
  return Object.fromEntries(
    (result as { name: string; mandatory: boolean; choices?: { value: string }[] }[])
      .filter(({ mandatory }) => mandatory)
      .map(({ name, choices }) => [name, choices?.[0]?.value ?? "1"]),
  );
}

describe("finding items", () => {
  it("searches, pages and says when there are more", async () => {
    const all = await run(searchCatalogItems, {});
    expect(toRows(all.result).length).toBeGreaterThan(4);
    const two = await run(searchCatalogItems, { limit: 2 });
    expect(two.summary).toBe("Retrieved 2 catalog items; there are more");
    const laptop = await run(searchCatalogItems, { query: "laptop" });
    expect(toRows(laptop.result).map(({ name }) => name)).toContain("Standard Laptop");
  });

  it("lists categories", async () => {
    const { result } = await run(listCatalogCategories, {});
    expect(toRows(result)[0]).toMatchObject({ sys_id: expect.any(String), title: expect.any(String) });
  });

  it("describes questions by the item's name, without its scripts", async () => {
    const { result } = await run(getCatalogItemVariables, { catalogItemSysId: "Workplace Set Up" });
    expect(toRows(result)[0]).toMatchObject({
      name: expect.any(String),
      validAnswers: expect.any(String),
    });
    expect(JSON.stringify(result)).not.toMatch(/javascript:/);
    await expect(run(getCatalogItemVariables, { catalogItemSysId: "No Such Item" })).rejects.toThrow(
      /no catalog item has "No Such Item"/,
    );
  });

  it("gives rules of forms and choices of questions", async () => {
    const policies = await run(getCatalogUiPolicies, { catalogItemSysId: "Workplace Set Up" });
    expect(toRows(policies.result)[0]).toMatchObject({ policy: { sys_id: expect.any(String) } });
    const [choice] = await rows("question_choice");
    const choices = await run(getQuestionChoices, { variableSysId: choice?.question });
    expect(toRows(choices.result)[0]).toMatchObject({
      text: expect.any(String),
      value: expect.any(String),
    });
  });
});

describe("the cart", () => {
  it("is filled, changed, seen, emptied, and an empty one is not ordered", async () => {
    await run(emptyCart, {});
    await expect(run(submitCartOrder, {})).rejects.toThrow(/cart is empty/);
    const added = await run(addItemToCart, { catalogItemSysId: SIMPLE, variables: await answers(SIMPLE) });
    expect(added.summary).toMatch(/which has 1 item now$/);
    const seen = await run(viewCart, {});
    expect(seen.summary).toBe("Retrieved cart with 1 item");
    const id = /"cart_item_id":"([0-9a-f]{32})"/.exec(JSON.stringify(seen.result))?.[1];
    const lines = await propOptions(deleteCartItem, auth(), "cartItemId");
    expect(lines).toEqual([{ label: `1 × ${SIMPLE}`, value: id }]);
    await run(updateCartItem, { cartItemId: id, quantity: 3 });
    expect(JSON.stringify((await run(viewCart, {})).result)).toMatch(/"quantity":"?3"?/);
    await run(deleteCartItem, { cartItemId: id });
    expect((await run(viewCart, {})).summary).toBe("Retrieved cart with 0 items");
    expect((await run(emptyCart, {})).summary).toBe("The cart was empty already");
  });

  it("orders what is in it", async () => {
    await run(addItemToCart, { catalogItemSysId: SIMPLE, variables: await answers(SIMPLE) });
    const { result, summary } = await run(submitCartOrder, {});
    expect(summary).toMatch(/^Placed order REQ\d+$/);
    expect(await total("sc_request", `number=${String(toRow(result).request_number)}`)).toBe(1);
  });

  it("says honestly what a checkout did", async () => {
    await run(addItemToCart, { catalogItemSysId: SIMPLE, variables: await answers(SIMPLE) });
    const before = await total("sc_request");
    const { summary } = await run(checkoutCart, {});
    const ordered = (await total("sc_request")) - before;
    expect(summary).toMatch(ordered === 1 ? /^Placed order/ : /^Nothing is ordered yet/);
    await run(emptyCart, {});
  });
});

describe("ordering", () => {
  it("orders for another person, and the request and its answers can be followed and changed", async () => {
    const { result, summary } = await run(orderCatalogItem, {
      sysId: SIMPLE,
      variables: await answers(SIMPLE),
      requestedFor: "employee",
    });
    const request = String(toRow(result).request_number);
    expect(summary).toBe(`Placed order ${request}`);
    const status = await run(checkOrderStatus, { requestNumber: request });
    expect(status.result).toEqual([
      expect.objectContaining({
        number: request,
        requested_for: expect.objectContaining({ value: "681ccaf9c0a8016400b98a06818d57c7" }),
      }),
    ]);
    const items = await run(getRequestedItems, { requestNumber: request, includeVariables: true });
    const [item] = toRows(items.result);
    expect(item).toMatchObject({ number: expect.stringMatching(/^RITM/), variables: expect.any(Array) });
    const read_ = await run(getRequestedItemVariables, { requestedItem: item?.number });
    expect(read_.summary).toMatch(/ of RITM/);
    await expect(
      run(updateRequestedItemVariables, { requestedItem: item?.number, variables: { no_such: "1" } }),
    ).rejects.toThrow(/no variable no_such/);
    await expect(run(cancelRequest, { request })).rejects.toThrow(/Reason is missing/);
    const canceled = await run(cancelRequest, { request, reason: "Ordered twice" });
    expect(canceled.result).toMatchObject({ request_state: "closed_cancelled" });
    expect((await read("sc_request", String(toRow(result).request_id))).request_state).toBe(
      "closed_cancelled",
    );
  });

  it("names missing answers and orders nothing", async () => {
    const item = "New Email Account";
    const needed = Object.keys(await answers(item));
    const before = await total("sc_request");
    expect(needed).toEqual(["new_email"]);
    await expect(run(orderCatalogItem, { sysId: item, variables: {} })).rejects.toThrow(needed[0]);
    await expect(run(orderCatalogItem, { sysId: item, variables: { no_such: "1" } })).rejects.toThrow(
      /no_such/,
    );
    await expect(run(orderCatalogItem, { sysId: item, variables: "{broken" })).rejects.toThrow(
      /not valid JSON/,
    );
    expect(await total("sc_request")).toBe(before);
  });

  it("says when a request does not exist or nothing was asked for", async () => {
    expect((await run(checkOrderStatus, { requestNumber: "REQ9999999" })).summary).toBe(
      "No request found with number REQ9999999",
    );
    await expect(run(getRequestedItems, {})).rejects.toThrow(/Request Number, Request Sys ID or RITM Number/);
  });

  it("creates the record of a record producer", async () => {
    const item = "Create Incident";
    const before = await total("incident");
    const { summary } = await run(submitRecordProducer, { sysId: item, variables: await answers(item) });
    expect(summary).toMatch(/^Created INC\d+ in table incident$/);
    expect(await total("incident")).toBe(before + 1);
  });

  it("walks an order guide, and orders nothing before its checkout", async () => {
    const guide = "New Hire";
    const before = await total("sc_request");
    const chosen = await run(submitOrderGuide, { catalogItemSysId: guide, variables: await answers(guide) });
    expect(chosen.summary).toMatch(/nothing is ordered yet$/);
    expect(await total("sc_request")).toBe(before);
    await expect(
      run(checkoutOrderGuide, { catalogItemSysId: guide, items: '[{"sys_id": "x"}]' }),
    ).rejects.toThrow(/entry 1, sys_id must be a sys_id/);
    const [item] = await rows("sc_cat_item", `name=${SIMPLE}`);
    const { summary } = await run(checkoutOrderGuide, {
      catalogItemSysId: guide,
      items: JSON.stringify([{ sys_id: item?.sys_id, quantity: 1, variables: await answers(SIMPLE) }]),
    });
    expect(summary).toMatch(/^(Placed order REQ\d+|Added the items to the cart)/);
  });

  it("leaves a variable blank on purpose, and refuses one without a value", () => {
    const item = (color: unknown) => [{ sys_id: "1".repeat(32), quantity: 2, variables: { color } }];
    expect(checkoutItems(item(""))).toEqual([
      { item: "1".repeat(32), quantity: 2, variables: { color: "" } },
    ]);
    expect(() => checkoutItems(item(null))).toThrow(/variable "color" has no value/);
    expect(() => checkoutItems([{ sys_id: "1".repeat(32), quantity: 0 }])).toThrow(/above 0/);
  });

  it("reads the wish list", async () => {
    expect((await run(getWishlist, {})).summary).toMatch(/^Retrieved wish list with \d+ items?$/);
  });
});
