import { duringTests } from "../../helpers/instance";
import { base, catalog, laptop, monitor, everyType } from "./catalog-ids";
import { serve, type Json } from "./served";
import { present, toRows, toText } from "../../helpers/present";

const instance = duringTests(serve);

describe("catalogs, categories and items", () => {
  test("catalogs say whether they hold categories and items, as real booleans", async () => {
    const answer = await instance.call("GET", `${base}/catalogs`);
    expect(answer.list.map((entry) => entry.title)).toEqual(["Service Catalog", "Technical Catalog"]);
    expect(answer.list[0]).toMatchObject({ sys_id: catalog, has_categories: true, has_items: true });
    expect((await instance.call("GET", `${base}/catalogs?sysparm_text=tech`)).list).toHaveLength(1);
    expect(
      (await instance.call("GET", `/api/sn_sc/v1/servicecatalog/catalogs/${catalog}`)).result.title,
    ).toBe("Service Catalog");
    expect((await instance.call("GET", `${base}/catalogs/nothing`)).status).toBe(400);
  });

  test("categories count their items and name their subcategories", async () => {
    const all = await instance.call("GET", `${base}/catalogs/${catalog}/categories`);
    const top = await instance.call(
      "GET",
      `${base}/catalogs/${catalog}/categories?sysparm_top_level_only=true`,
    );
    expect(all.list.map((entry) => entry.title)).toContain("Tablets");
    expect(top.list.map((entry) => entry.title)).not.toContain("Tablets");
    const hardware = present(all.list.find((entry) => entry.title === "Hardware"));
    expect(hardware).toMatchObject({
      count: 2,
      full_description: null,
      subcategories: [{ title: "Tablets" }],
    });
    expect((await instance.call("GET", `${base}/categories/${toText(hardware.sys_id)}`)).result).toEqual(
      hardware,
    );
  });

  test("items are filtered by text, category, catalog and type, and paged", async () => {
    const names = async (query: string): Promise<unknown[]> =>
      (await instance.call("GET", `${base}/items?${query}`)).list.map((entry) => entry.name);
    expect(await names("sysparm_text=laptop")).toEqual(["Standard Laptop"]);
    expect(await names("sysparm_category=b06546f23731300054b6a3549dbe5dd8")).toEqual(["Apple iPad 3"]);
    expect(await names("sysparm_type=record_producer")).toEqual(["Create Incident"]);
    expect(await names("sysparm_type=Order Guide")).toEqual(["New Hire"]);
    const all = await names(`sysparm_catalog=${catalog}`);
    expect(all).not.toContain("Retired Phone");
    expect(await names(`sysparm_catalog=${catalog}&sysparm_limit=2&sysparm_offset=1`)).toEqual(
      all.slice(1, 3),
    );
    expect((await instance.call("GET", `${base}/items?sysparm_limit=0`)).status).toBe(400);
  });

  test("an item of a role is there for its holders alone", async () => {
    const find = async (user: string): Promise<number> =>
      (await instance.call("GET", `${base}/items?sysparm_text=rack`, undefined, user)).list.length;
    expect(await find("itil")).toBe(1);
    expect(await find("employee")).toBe(0);
  });

  test("prices are shown for what costs something", async () => {
    const answer = await instance.call("GET", `${base}/items/${laptop}`);
    expect(answer.result).toMatchObject({
      show_price: true,
      price: "$1,100.00",
      recurring_price: "$100.00",
      recurring_frequency: "Annually",
      show_quantity: true,
      order: 100,
      type: "catalog_item",
      catalogs: [{ sys_id: catalog, title: "Service Catalog" }],
      category: { title: "Hardware" },
      client_script: { onChange: [], onSubmit: [], onLoad: [] },
    });
    const free = await instance.call("GET", `${base}/items/${monitor}`);
    expect(free.result.show_price).toBe(false);
    expect(free.result).not.toHaveProperty("price");
    expect((await instance.call("GET", `${base}/items/${"0".repeat(32)}`)).status).toBe(400);
  });

  test("variables of every type; containers hold their variables as children", async () => {
    const { list } = await instance.call("GET", `${base}/items/${everyType}/variables`);
    const flat = list.flatMap((entry) => [entry, ...((entry.children as Json[] | undefined) ?? [])]);
    const kinds = new Map(flat.map((entry) => [entry.name, entry]));
    expect(new Set(flat.map((entry) => entry.type))).toEqual(
      new Set([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 31, 32, 33,
      ]),
    );
    expect(kinds.get("lamp")).toMatchObject({
      friendly_type: "check_box",
      value: true,
      displayvalue: "true",
    });
    expect(kinds.get("desk")).toMatchObject({
      friendly_type: "select_box",
      display_type: "Select Box",
      mandatory: true,
      pricing_implications: true,
      choices: [
        { label: "-- None --", value: "", index: 0 },
        { label: "Fixed height", value: "fixed", index: 1 },
        { label: "Standing desk", value: "standing", index: 2, price: "$300.00" },
      ],
    });
    expect(kinds.get("manager")).toMatchObject({ friendly_type: "reference", reference: "sys_user" });
    expect(kinds.get("for_whom")).toMatchObject({ friendly_type: "requested_for", reference: "sys_user" });
    expect(toRows(present(kinds.get("building")).choices)).not.toEqual([]);
    expect(kinds.get("access")).toMatchObject({
      friendly_type: "container_start",
      children: [{ name: "groups" }, { name: "access_split" }, { name: "department" }],
    });
    const full = await instance.call("GET", `${base}/items/${everyType}`);
    expect(full.result.ui_policy).toMatchObject([
      {
        conditions: `IO:${toText(present(kinds.get("remote")).id)}=Yes^EQ`,
        actions: [{ name: `IO:${toText(present(kinds.get("room")).id)}`, visible: "false" }],
      },
    ]);
  });
});
