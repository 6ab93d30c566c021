import addItemToCart from "../../../actions/add-item-to-cart/add-item-to-cart";
import cancelRequest from "../../../actions/cancel-request/cancel-request";
import checkOrderStatus from "../../../actions/check-order-status/check-order-status";
import checkoutCart from "../../../actions/checkout-cart/checkout-cart";
import checkoutOrderGuide from "../../../actions/checkout-order-guide/checkout-order-guide";
import deleteCartItem from "../../../actions/delete-cart-item/delete-cart-item";
import emptyCart from "../../../actions/empty-cart/empty-cart";
import getCatalogItemVariables from "../../../actions/get-catalog-item-variables/get-catalog-item-variables";
import getCatalogUiPolicies from "../../../actions/get-catalog-ui-policies/get-catalog-ui-policies";
import getQuestionChoices from "../../../actions/get-question-choices/get-question-choices";
import getRequestedItemVariables from "../../../actions/get-requested-item-variables/get-requested-item-variables";
import getRequestedItems from "../../../actions/get-requested-items/get-requested-items";
import getWishlist from "../../../actions/get-wishlist/get-wishlist";
import listCatalogCategories from "../../../actions/list-catalog-categories/list-catalog-categories";
import orderCatalogItem from "../../../actions/order-catalog-item/order-catalog-item";
import searchCatalogItems from "../../../actions/search-catalog-items/search-catalog-items";
import submitCartOrder from "../../../actions/submit-cart-order/submit-cart-order";
import submitOrderGuide from "../../../actions/submit-order-guide/submit-order-guide";
import submitRecordProducer from "../../../actions/submit-record-producer/submit-record-producer";
import updateCartItem from "../../../actions/update-cart-item/update-cart-item";
import updateRequestedItemVariables from "../../../actions/update-requested-item-variables/update-requested-item-variables";
import viewCart from "../../../actions/view-cart/view-cart";
import { NOT_THERE, SIGN_IN_OVER, type ActionCase, type World } from "../../helpers/action-cases";

const SIMPLE = "Apple iPad 3";
const LAPTOP = "Standard Laptop";
const noItem = /no catalog item has "No Such Item"/;
const NO_ID = "0".repeat(32);

/** A line in the cart of the administrator, and nothing beside it. */
async function inCart(world: World): Promise<{ cartItemId: unknown }> {
  await world.run(emptyCart);
  await world.run(addItemToCart, { catalogItemSysId: SIMPLE, variables: await world.answers(SIMPLE) });
  const { result } = await world.run(viewCart);
  return { cartItemId: /"cart_item_id":"([0-9a-f]{32})"/.exec(JSON.stringify(result))?.[1] };
}
async function nothingInCart(world: World): Promise<Record<string, unknown>> {
  await world.run(emptyCart);
  return {};
}

/** A placed order and its first item. */
async function ordered(world: World, item = LAPTOP): Promise<{ request: string; item: string }> {
  const variables = await world.answers(item);
  const { result } = await world.run(orderCatalogItem, { sysId: item, variables });
  const { request_number: request } = result as { request_number: string };
  const { result: items } = await world.run(getRequestedItems, { requestNumber: request });
  return { request, item: (items as { number: string }[])[0]?.number ?? "" };
}

export const cases: ActionCase[] = [
  {
    action: searchCatalogItems,
    works: { query: "laptop" },
    says: /^Retrieved \d+ catalog items?$/,
    fails: [
      [{ catalogSysId: "Service Catalog" }, /Catalog must be a sys_id/],
      [{ categorySysId: "Hardware" }, /Category must be a sys_id/],
    ],
  },
  {
    action: listCatalogCategories,
    works: { topLevelOnly: true },
    says: /^Retrieved \d+ categories$/,
    fails: [
      [{ catalogSysId: "Service Catalog" }, /Catalog must be a sys_id/],
      [{ catalogSysId: NO_ID }, /catalog|record|found/i],
    ],
  },
  {
    action: getCatalogItemVariables,
    works: { catalogItemSysId: LAPTOP },
    says: /^Retrieved \d+ variables? for catalog item [0-9a-f]{32}$/,
    fails: [
      [{ catalogItemSysId: "No Such Item" }, noItem],
      [{ catalogItemSysId: "" }, /Catalog Item is missing/],
      [{ catalogItemSysId: NO_ID }, /item|record|found/i],
    ],
  },
  {
    action: getCatalogUiPolicies,
    works: { catalogItemSysId: "Workplace Set Up" },
    says: /^Retrieved \d+ catalog UI policy actions? for [0-9a-f]{32}$/,
    fails: [
      [{ catalogItemSysId: "No Such Item" }, noItem],
      [{ catalogItemSysId: "a^b" }, /\^|no catalog item/],
    ],
  },
  {
    action: getQuestionChoices,
    works: async (world) => ({ variableSysId: (await world.rows("question_choice"))[0]?.question }),
    says: /^Retrieved \d+ question choices? for variable [0-9a-f]{32}$/,
    fails: [
      [{ variableSysId: "memory" }, /Variable must be a sys_id/],
      [{ variableSysId: "" }, /Variable is missing/],
    ],
  },
  {
    action: addItemToCart,
    works: async (world) => ({ catalogItemSysId: SIMPLE, variables: await world.answers(SIMPLE) }),
    says: /^Added catalog item [0-9a-f]{32} to the cart, which has \d+ items? now$/,
    fails: [
      [{ catalogItemSysId: "No Such Item" }, noItem],
      [{ catalogItemSysId: "New Email Account" }, /needs an answer to: Preferred Email address/],
      [{ catalogItemSysId: SIMPLE, variables: { no_such: "1" } }, /no_such/],
      [{ catalogItemSysId: SIMPLE, requestedFor: "nobody.here" }, /Requested For: no user/],
    ],
  },
  {
    action: viewCart,
    works: inCart,
    says: /^Retrieved cart with 1 item$/,
    fails: [SIGN_IN_OVER, NOT_THERE],
  },
  {
    action: updateCartItem,
    works: async (world) => ({ ...(await inCart(world)), quantity: 3 }),
    says: /^Changed cart item [0-9a-f]{32}$/,
    fails: [
      [{ cartItemId: SIMPLE, quantity: 1 }, /Cart Item must be a sys_id/],
      [async (world) => ({ ...(await inCart(world)), quantity: 0 }), /quantity/i],
    ],
  },
  {
    action: deleteCartItem,
    works: inCart,
    says: /^Removed cart item [0-9a-f]{32}$/,
    fails: [
      [{ cartItemId: "first" }, /Cart Item must be a sys_id/],
      [{ cartItemId: "" }, /Cart Item is missing/],
    ],
  },
  {
    action: emptyCart,
    works: async (world) => {
      await inCart(world);
      return {};
    },
    says: /^Emptied the cart of 1 item$/,
    fails: [SIGN_IN_OVER, NOT_THERE],
  },
  {
    action: checkoutCart,
    works: async (world) => {
      await inCart(world);
      return {};
    },
    says: /^(Placed order REQ\d+|Nothing is ordered yet)/,
    fails: [
      [nothingInCart, /The cart is empty.*Add Item to Cart/],
      [{}, /catalog|right|role|access|permission|cart/i, "norole"],
    ],
  },
  {
    action: submitCartOrder,
    works: async (world) => {
      await inCart(world);
      return {};
    },
    says: /^Placed order REQ\d+$/,
    fails: [
      [nothingInCart, /The cart is empty.*Add Item to Cart/],
      [{}, /catalog|right|role|access|permission|cart/i, "norole"],
    ],
  },
  {
    action: orderCatalogItem,
    works: async (world) => ({
      sysId: LAPTOP,
      variables: await world.answers(LAPTOP),
      requestedFor: "employee",
    }),
    says: /^Placed order REQ\d+$/,
    fails: [
      [{ sysId: LAPTOP, variables: { no_such: "1" } }, /no_such/],
      [{ sysId: "New Email Account" }, /needs an answer to: Preferred Email address/],
      [{ sysId: LAPTOP, variables: "{broken" }, /Variables is not valid JSON/],
      [{ sysId: "No Such Item" }, noItem],
      [{ sysId: SIMPLE, requestedFor: "nobody.here" }, /Requested For: no user/],
    ],
  },
  {
    action: submitRecordProducer,
    works: async (world) => ({
      sysId: "Create Incident",
      variables: await world.answers("Create Incident"),
    }),
    says: /^Created INC\d+ in table incident$/,
    fails: [
      [{ sysId: "Create Incident", variables: { no_such: "1" } }, /no_such/],
      [{ sysId: "No Such Item", variables: { a: "1" } }, noItem],
    ],
  },
  {
    action: submitOrderGuide,
    works: async (world) => ({ catalogItemSysId: "New Hire", variables: await world.answers("New Hire") }),
    says: /^Order guide [0-9a-f]{32} chooses \d+ items?; nothing is ordered yet$/,
    fails: [
      [{ catalogItemSysId: "No Such Item" }, noItem],
      [{ catalogItemSysId: "New Hire", variables: "[1]" }, /Variables must be a JSON object/],
    ],
  },
  {
    action: checkoutOrderGuide,
    works: async (world) => {
      const [item] = await world.rows("sc_cat_item", `name=${SIMPLE}`);
      return {
        catalogItemSysId: "New Hire",
        items: JSON.stringify([
          { sys_id: item?.sys_id, quantity: 1, variables: await world.answers(SIMPLE) },
        ]),
      };
    },
    says: /^(Placed order REQ\d+|Added the items to the cart)/,
    fails: [
      [{ catalogItemSysId: "New Hire", items: '[{"sys_id": "x"}]' }, /entry 1, sys_id must be a sys_id/],
      [{ catalogItemSysId: "New Hire", items: `[{"sys_id": "${NO_ID}", "quantity": 0}]` }, /above 0/],
      [{ catalogItemSysId: "New Hire", items: "[]" }, /Items must be a list of objects/],
    ],
  },
  {
    action: checkOrderStatus,
    works: async (world) => ({ requestNumber: (await ordered(world)).request }),
    says: /^Request REQ\d+ is \w+/,
    fails: [
      [{ requestNumber: "" }, /Request Number is missing/],
      [{ requestNumber: "REQ1^active=true" }, /\^/],
      [{ requestNumber: "REQ0000001", requestedFor: "nobody.here" }, /no user/],
    ],
  },
  {
    action: getRequestedItems,
    works: async (world) => ({ requestNumber: (await ordered(world)).request, includeVariables: true }),
    says: /^Retrieved 1 requested item$/,
    fails: [
      [{}, /Give Request Number, Request Sys ID or RITM Number/],
      [{ requestSysId: "REQ0000001" }, /Request Sys ID must be a sys_id/],
      [{ ritmNumber: "a^b" }, /\^/],
    ],
  },
  {
    action: getRequestedItemVariables,
    works: async (world) => ({ requestedItem: (await ordered(world)).item }),
    says: /^Retrieved \d+ variables? of RITM\d+$/,
    fails: [
      [{ requestedItem: "RITM9999999" }, /no record with the number "RITM9999999"/],
      [{ requestedItem: "" }, /Requested Item is missing/],
    ],
  },
  {
    action: updateRequestedItemVariables,
    works: async (world) => {
      const { item } = await ordered(world);
      const { result } = await world.run(getRequestedItemVariables, { requestedItem: item });
      const text = (result as { variables: { name: string; type: string; choices?: unknown[] }[] }).variables;
      const name = text.find(({ name }) => /instruction|software|comment|additional/i.test(name))?.name;
      return { requestedItem: item, variables: { [name ?? text[0]?.name ?? ""]: "Changed" } };
    },
    says: /^Changed .+ of RITM\d+$/,
    fails: [
      [
        async (world) => ({ requestedItem: (await ordered(world)).item, variables: { no_such: "1" } }),
        /no variable no_such/,
      ],
      [{ requestedItem: "RITM9999999", variables: { a: "1" } }, /no record with the number/],
      [{ requestedItem: "RITM9999999", variables: {} }, /Variables is empty/],
    ],
  },
  {
    action: cancelRequest,
    works: async (world) => ({ request: (await ordered(world)).request, reason: "Ordered twice" }),
    says: /^Canceled request REQ\d+; still open of it: /,
    fails: [
      [async (world) => ({ request: (await ordered(world)).request }), /Reason is missing/],
      [
        async (world) => {
          const { request } = await ordered(world);
          await world.run(cancelRequest, { request, reason: "Once" });
          return { request, reason: "Twice" };
        },
        /is closed already/,
      ],
    ],
  },
  {
    action: getWishlist,
    works: {},
    says: /^Retrieved wish list with \d+ items?$/,
    fails: [SIGN_IN_OVER, NOT_THERE],
  },
];
