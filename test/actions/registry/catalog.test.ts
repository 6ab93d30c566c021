import { propOptions } from "../../helpers/components";
import { catalogOf, IPAD, LAPTOP, MAIL } from "../../helpers/catalog-items";
import { mends, useRegistry } from "../../helpers/registry-suite";
import type { Row } from "../../helpers/action-suite";
import { toRow, toRows } from "../../helpers/present";

/** What the registry's catalog actions got wrong. */
const suite = useRegistry();
const { step, asked, record, rows, total, faults, action, auth } = suite;
afterEach(() => faults([]));

const { questions, idOf, answers } = catalogOf(suite);
const fill = async () =>
  step("add-item-to-cart", { catalogItemSysId: IPAD, quantity: "2", variables: await answers(IPAD) });

describe("finding and describing items", () => {
  const search = (values: Row) => step("search-catalog-items", values);
  mends("search-catalog-items", "reads further pages by itself up to the limit", async () => {
    const all = Array.from({ length: 120 }, (_, place) => `Registry item ${place}`);
    const [category] = await rows("sc_category");
    const [catalog] = await rows("sc_catalog");
    for (const name of all)
      await record("sc_cat_item", {
        name,
        active: "true",
        category: category?.sys_id,
        sc_catalogs: catalog?.sys_id,
      });
    const { result, asked: requests } = await search({ query: "Registry item", limit: 110 });
    expect(new Set(toRows(result).map(({ sys_id: id }) => id)).size).toBe(110);
    expect(requests.length).toBeGreaterThan(1);
  });
  mends("search-catalog-items", "says when there are more", async () => {
    expect((await search({ limit: 2, offset: 1 })).summary).toBe("Retrieved 2 catalog items; there are more");
  });
  mends("get-catalog-item-variables", "uses the documented path", async () => {
    const { asked: requests } = await step("get-catalog-item-variables", {
      catalogItemSysId: await idOf(LAPTOP),
    });
    expect(requests.map(({ path }) => path)).toEqual([
      `/api/sn_sc/servicecatalog/items/${await idOf(LAPTOP)}`,
    ]);
  });
  mends("get-catalog-item-variables", "never sends the item's own scripts as a query", async () => {
    const id = await idOf(LAPTOP);
    await record("item_option_new", {
      cat_item: id,
      name: "scripted",
      question_text: "Who?",
      type: "6",
      default_value: "javascript:gs.getUserID()",
    });
    const { asked: requests, result } = await step("get-catalog-item-variables", { catalogItemSysId: id });
    expect(JSON.stringify([requests, result])).not.toMatch(/javascript:/);
    expect(result).toContainEqual(
      expect.objectContaining({
        name: "scripted",
        default: expect.stringMatching(/computed by the instance/),
      }),
    );
  });
  mends("get-catalog-item-variables", "an item may be given by name", async () => {
    expect(await questions(LAPTOP)).toEqual(await questions(await idOf(LAPTOP)));
  });
  mends(
    "get-question-choices",
    "returns text, value and order instead of whole rows, in the order of the form",
    async () => {
      const question = (await rows("question_choice"))[0]?.question;
      const { result } = await step("get-question-choices", { variableSysId: question });
      const choices = result as Record<string, string>[];
      expect(Object.keys(choices[0] ?? {}).sort()).toEqual(["order", "question", "sys_id", "text", "value"]);
      const order = choices.map((choice) => Number(choice.order));
      expect(order).toEqual([...order].sort((a, b) => a - b));
    },
  );
  mends("get-catalog-ui-policies", "ids are sent in portions that fit a URL", async () => {
    const item = await idOf(LAPTOP);
    const policies = await step("bulk-create-records", {
      table: "catalog_ui_policy",
      records: Array.from({ length: 250 }, (_, place) => ({
        short_description: `P${place}`,
        catalog_item: item,
      })),
    });
    await step("bulk-create-records", {
      table: "catalog_ui_policy_action",
      records: toRows(policies.result).map(({ sys_id: id }) => ({ ui_policy: id, catalog_item: item })),
    });
    const { asked: requests, result } = await step("get-catalog-ui-policies", {
      catalogItemSysId: item,
      limit: 1000,
    });
    const found = (result as { policy: { short_description: string } }[]).map(
      ({ policy }) => policy.short_description,
    );
    expect(new Set(found)).toEqual(new Set(Array.from({ length: 250 }, (_, place) => `P${place}`)));
    for (const { path, params } of requests)
      expect(`${path}?${new URLSearchParams(params).toString()}`.length).toBeLessThan(8000);
  });
  mends("get-catalog-ui-policies", "policies of the item's variable sets are included", async () => {
    const item = await idOf(IPAD);
    const set = await record("item_option_new_set", { title: "Delivery", internal_name: "delivery" });
    await record("io_set_item", { sc_cat_item: item, variable_set: set.sys_id });
    const policy = await record("catalog_ui_policy", {
      short_description: "Of the set",
      applies_to: "set",
      variable_set: set.sys_id,
    });
    await record("catalog_ui_policy_action", { ui_policy: policy.sys_id, mandatory: "true" });
    const { result } = await step("get-catalog-ui-policies", { catalogItemSysId: item });
    expect(result).toContainEqual(
      expect.objectContaining({
        mandatory: "true",
        policy: expect.objectContaining({ short_description: "Of the set" }),
      }),
    );
  });
});

describe("the cart", () => {
  mends("add-item-to-cart", "mandatory variables are checked first, by name", async () => {
    await expect(
      step("add-item-to-cart", { catalogItemSysId: MAIL, quantity: 1, variables: {} }),
    ).rejects.toThrow(/needs an answer to: Preferred Email address \(new_email\)/);
    expect(asked().map(({ method }) => method)).not.toContain("POST");
  });
  mends("add-item-to-cart", "is never repeated blindly", async () => {
    await step("empty-cart");
    await faults([{ match: { method: "POST", path: "add_to_cart" }, reset: "after", count: 1 }]);
    await expect(fill()).rejects.toThrow(/may have been carried out/);
    expect((await step("view-cart")).summary).toBe("Retrieved cart with 1 item");
  });
  mends("add-item-to-cart", "the person is found by name or e-mail too", async () => {
    for (const requestedFor of ["employee", (await rows("sys_user", "user_name=employee"))[0]?.email])
      expect((await step("add-item-to-cart", { catalogItemSysId: IPAD, requestedFor })).summary).toMatch(
        /^Added/,
      );
    await expect(
      step("add-item-to-cart", { catalogItemSysId: IPAD, requestedFor: "no.one" }),
    ).rejects.toThrow(/no user has "no.one"/);
  });
  mends(
    "view-cart",
    "counts the lines of every group of the cart, where the summary always said 0",
    async () => {
      await step("empty-cart");
      await fill();
      const { summary, result } = await step("view-cart");
      expect(summary).toBe("Retrieved cart with 1 item");
      expect(result).toMatchObject({ cart_id: expect.any(String) });
    },
  );
  mends("delete-cart-item", "lines are offered by name", async () => {
    const [line] = await propOptions(action("delete-cart-item"), auth(), "cartItemId");
    expect(line?.label).toBe(`2 × ${IPAD}`);
    expect((await step("delete-cart-item", { cartItemId: line?.value })).summary).toMatch(
      /^Removed cart item/,
    );
  });
  mends(
    "empty-cart",
    "an account without a cart is told so, where `/cart/undefined/empty` was called",
    async () => {
      await step("empty-cart");
      const { summary, asked: requests } = await step("empty-cart");
      expect(summary).toBe("The cart was empty already");
      expect(requests.map(({ path }) => path).join()).not.toMatch(/undefined/);
    },
  );
  mends(
    "checkout-cart",
    "says that nothing was ordered yet where the instance asks for a second step",
    async () => {
      await fill();
      const before = await total("sc_request");
      const { summary } = await step("checkout-cart");
      const ordered = (await total("sc_request")) > before;
      expect(summary).toMatch(ordered ? /^Placed order REQ/ : /^Nothing is ordered yet/);
    },
  );
  mends("submit-cart-order", "an empty cart is refused", async () => {
    await step("empty-cart");
    await expect(step("submit-cart-order")).rejects.toThrow(/cart is empty/);
  });
  mends("submit-cart-order", "the summary names the request", async () => {
    await fill();
    const { summary, result } = await step("submit-cart-order");
    expect(summary).toBe(`Placed order ${String(toRow(result).request_number)}`);
  });
});
