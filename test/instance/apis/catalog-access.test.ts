import { duringTests } from "../../helpers/instance";
import { base, laptop } from "./catalog-ids";
import { errorOf, serve, type Json } from "./served";
import { present, toRow, toRows, toText } from "../../helpers/present";

const instance = duringTests(serve);

const ipad = "060f3afa3731300054b6a3549dbe5d3e";
const tablets = "b06546f23731300054b6a3549dbe5dd8";
const technical = "742ce428d7211100f2d224837e61036d";

async function remove(table: string, id: string): Promise<void> {
  expect((await instance.call("DELETE", `/api/now/table/${table}/${id}`)).status).toBe(204);
}
async function idOf(table: string, query: string): Promise<string> {
  return String(present((await instance.rows(table, query))[0]).sys_id);
}
async function rows(table: string, user: string): Promise<Json[]> {
  return (await instance.call("GET", `/api/now/table/${table}`, undefined, user)).list;
}
const sees = async (name: string, user: string): Promise<boolean> =>
  (await instance.call("GET", `${base}/items`, undefined, user)).list.some((item) => item.name === name);

describe("user criteria", () => {
  test("an item is there for whom one of its criteria is met, and refused to others in the API's words", async () => {
    const criteria = await instance.create("user_criteria", {
      name: "Joe's place",
      user: await idOf("sys_user", "user_name=employee"),
    });
    const link = await instance.create("sc_cat_item_user_criteria_mtom", {
      sc_cat_item: laptop,
      user_criteria: criteria,
    });
    expect(await sees("Standard Laptop", "employee")).toBe(true);
    expect(await sees("Standard Laptop", "abel.tuter")).toBe(false);
    expect(await sees("Standard Laptop", "admin")).toBe(true);
    const order = (user: string) =>
      instance.call("POST", `${base}/items/${laptop}/order_now`, { sysparm_quantity: 1 }, user);
    const refused = await order("abel.tuter");
    expect(refused.status).toBe(400);
    expect(errorOf(refused).message).toBe("Security constraints prevent ordering of Item");
    expect((await order("employee")).status).toBe(200);
    const opened = await instance.call("GET", `${base}/items/${laptop}`, undefined, "abel.tuter");
    expect(opened.status).toBe(400);
    const added = await instance.call(
      "POST",
      `${base}/items/${laptop}/add_to_cart`,
      { sysparm_quantity: 1 },
      "abel.tuter",
    );
    expect(added.status).toBe(400);
    await remove("sc_cat_item_user_criteria_mtom", link);
    expect(await sees("Standard Laptop", "abel.tuter")).toBe(true);
  });

  test("not available wins over available", async () => {
    const criteria = await instance.create("user_criteria", {
      name: "Staff",
      role: await idOf("sys_user_role", "name=itil"),
    });
    await instance.create("sc_cat_item_user_criteria_mtom", { sc_cat_item: ipad, user_criteria: criteria });
    const link = await instance.create("sc_cat_item_user_criteria_no_mtom", {
      sc_cat_item: ipad,
      user_criteria: criteria,
    });
    expect(await sees("Apple iPad 3", "itil")).toBe(false);
    await remove("sc_cat_item_user_criteria_no_mtom", link);
    expect(await sees("Apple iPad 3", "itil")).toBe(true);
    expect(await sees("Apple iPad 3", "employee")).toBe(false);
  });

  test("match_all asks for every kind of condition; an inactive criterion asks for nothing", async () => {
    const user = await idOf("sys_user", "user_name=itil");
    const criteria = await instance.create("user_criteria", {
      name: "Both",
      match_all: "true",
      user: `${user},${await idOf("sys_user", "user_name=sydney")}`,
      location: await idOf("cmn_location", "name=Berlin"),
    });
    await instance.create("sc_cat_item_user_criteria_mtom", {
      sc_cat_item: await idOf("sc_cat_item", "name=External Monitor"),
      user_criteria: criteria,
    });
    await instance.call("PATCH", `/api/now/table/sys_user/${user}`, {
      location: await idOf("cmn_location", "name=Tokyo"),
    });
    expect(await sees("External Monitor", "itil")).toBe(false);
    await instance.call("PATCH", `/api/now/table/sys_user/${user}`, {
      location: await idOf("cmn_location", "name=Berlin"),
    });
    expect(await sees("External Monitor", "itil")).toBe(true);
    await instance.call("PATCH", `/api/now/table/user_criteria/${criteria}`, { active: "false" });
    expect(await sees("External Monitor", "employee")).toBe(true);
  });

  test("a hidden category or catalog is not listed, and neither is what stands in it", async () => {
    const criteria = await instance.create("user_criteria", {
      name: "Itself",
      group: await idOf("sys_user_group", "name=Network"),
    });
    await instance.create("sc_category_user_criteria_mtom", {
      sc_category: tablets,
      user_criteria: criteria,
    });
    await instance.create("sc_catalog_user_criteria_mtom", {
      sc_catalog: technical,
      user_criteria: criteria,
    });
    const get = (path: string) => instance.call("GET", `${base}/${path}`, undefined, "reader");
    expect((await get("catalogs")).list.map((entry) => entry.title)).toEqual(["Service Catalog"]);
    expect((await get(`catalogs/${technical}`)).status).toBe(400);
    expect((await get(`categories/${tablets}`)).status).toBe(400);
    const categories = await get("catalogs/e0d08b13c3330100c8b837659bba8fb4/categories");
    expect(categories.list.map((entry) => entry.title)).not.toContain("Tablets");
    expect(await sees("Apple iPad 3", "reader")).toBe(false);
    expect((await instance.call("GET", `${base}/catalogs`)).list).toHaveLength(2);
  });
});

describe("carts and answers belong to their owner", () => {
  test("over the Table API as well: no other user's cart, entries or answers", async () => {
    const user = "abel.tuter";
    const item = await idOf("sc_cat_item", "name=Room for an Event");
    const variables = { occasion: "Talk", guests: [{ guest_name: "Ada" }] };
    const add = () =>
      instance.call("POST", `${base}/items/${item}/add_to_cart`, { sysparm_quantity: 1, variables }, user);
    const added = await add();
    const cart = String(added.result.cart_id);
    expect((await rows("sc_cart", user)).map((row) => row.sys_id)).toEqual([cart]);
    expect(await rows("sc_cart_item", user)).toHaveLength(1);
    const mine = (await rows("sc_item_option", user)).length;
    expect(mine).not.toBe(0);
    for (const table of ["sc_cart", "sc_cart_item", "sc_item_option", "sc_multi_row_question_answer"])
      expect(await rows(table, "case.agent")).toEqual([]);
    const other = await instance.call("GET", `/api/now/table/sc_cart/${cart}`, undefined, "case.agent");
    expect(other.status).toBe(404);
    expect(errorOf(other).message).toBe("No Record found");
    expect((await rows("sc_item_option", "itil")).length).toBeGreaterThan(mine);
  });

  test("who administers the catalog empties the carts of others, and the administrator deletes them", async () => {
    const [cart] = await rows("sc_cart", "abel.tuter");
    const path = `${base}/cart/${String(present(cart).sys_id)}/empty`;
    await instance.create("sys_user_has_role", {
      user: await idOf("sys_user", "user_name=case.agent"),
      role: await idOf("sys_user_role", "name=catalog_admin"),
    });
    const refused = await instance.call("DELETE", path, undefined, "itil");
    expect(refused.status).toBe(400);
    expect(errorOf(refused).message).toBe("Invalid cart");
    expect((await instance.call("DELETE", path, undefined, "case.agent")).status).toBe(204);
    expect(await rows("sc_cart_item", "abel.tuter")).toEqual([]);
    expect(await rows("sc_cart", "abel.tuter")).toHaveLength(1);
    expect((await instance.call("DELETE", path)).status).toBe(204);
    expect(await rows("sc_cart", "abel.tuter")).toEqual([]);
  });

  test("the wish list of another is neither listed nor opened", async () => {
    const wished = await instance.call("POST", `${base}/items/${laptop}/add_to_wishlist`, {}, "sydney");
    const [entry] = toRows(wished.result.items);
    const path = `${base}/wishlist/${String(present(entry).cart_item_id)}`;
    expect((await instance.call("GET", path, undefined, "sydney")).status).toBe(200);
    expect((await instance.call("GET", path, undefined, "newyork")).status).toBe(404);
    const list = await instance.call("GET", `${base}/wishlist`, undefined, "newyork");
    expect(list.result.items).toEqual([]);
  });

  test("the catalog is read by everybody and kept by its administrator", async () => {
    const write = (user: string) =>
      instance.call("PATCH", `/api/now/table/sc_cat_item/${ipad}`, { short_description: "Tablet" }, user);
    expect((await write("itil")).status).toBe(403);
    expect(errorOf(await write("itil")).detail).toBe(
      "ACL Exception Update Failed due to security constraints",
    );
    expect((await write("case.agent")).status).toBe(200);
    expect(await rows("item_option_new", "employee")).not.toEqual([]);
    expect(await rows("user_criteria", "itil")).toEqual([]);
  });
});

describe("who may see the work of others", () => {
  test("workers and conflicts of changes are for who may read changes", async () => {
    const change = await instance.call("POST", "/api/sn_chg_rest/change/normal", {});
    const id = toText(toRow(change.result.sys_id).value);
    const ci = await idOf("cmdb_ci_server", "ORDERBYname");
    const started = await instance.call("POST", `/api/sn_chg_rest/change/${id}/ci`, {
      association_type: "affected",
      cmdb_ci_sys_ids: ci,
    });
    const worker = `/api/sn_chg_rest/change/worker/${toText(toRow(started.result.worker).sysId)}`;
    expect((await instance.call("GET", worker, undefined, "itil")).status).toBe(200);
    expect((await instance.call("GET", worker, undefined, "employee")).status).toBe(404);
    for (const table of ["chg_mgt_worker", "task_ci", "conflict"])
      expect(await rows(table, "employee")).toEqual([]);
  });

  test("import sets are for import_transformer, others get the insert refusal", async () => {
    for (const path of ["imp_user", "imp_user/insertMultiple"]) {
      const refused = await instance.call("POST", `/api/now/import/${path}`, { records: [] }, "itil");
      expect(refused.status).toBe(403);
      expect(errorOf(refused)).toEqual({
        message: "Operation Failed",
        detail: "ACL Exception Insert Failed due to security constraints",
      });
    }
    const staged = await instance.call("POST", "/api/now/import/imp_user", { user_id: "imp" }, "integration");
    expect(staged.status).toBe(201);
    const [row] = await rows("imp_user", "admin");
    const path = `/api/now/import/imp_user/${String(present(row).sys_id)}`;
    expect((await instance.call("GET", path, undefined, "integration")).status).toBe(200);
    expect((await instance.call("GET", path, undefined, "itil")).status).toBe(404);
    for (const table of ["sys_import_set", "sys_import_set_row", "sys_multi_import_set"])
      expect(await rows(table, "itil")).toEqual([]);
  });
});
