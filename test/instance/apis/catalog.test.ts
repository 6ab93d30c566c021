import { duringTests } from "../../helpers/instance";
import { errorOf, serve, type Json } from "./served";

const instance = duringTests(serve);

const base = "/api/sn_sc/servicecatalog";
const catalog = "e0d08b13c3330100c8b837659bba8fb4";
const laptop = "04b7e94b4f7b4200086eeed18110c7fd";
const monitor = "e1be6dcb4f7b4200086eeed18110c74c";
const mailbox = "186d917a6fab7980575967ddbb3ee4f2";
const everyType = "962967674ff38200086eeed18110c7e7";
const producer = "3f1dd0320a0a0b99000a53f7604a2ef9";
const guide = "6690750f4f7b4200086eeed18110c761";
const abel = "62826bf03710200044e0bfc8bcbe5df1";
const david = "5137153cc611227c000bbd1bd8cd2007";

async function rows(table: string, query: string): Promise<Json[]> {
  const answer = await instance.call(
    "GET",
    `/api/now/table/${table}?sysparm_exclude_reference_link=true&sysparm_query=${encodeURIComponent(query)}`,
  );
  return answer.list;
}

describe("5.5 catalogs, categories and items", () => {
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
    const hardware = all.list.find((entry) => entry.title === "Hardware")!;
    expect(hardware).toMatchObject({
      count: 2,
      full_description: null,
      subcategories: [{ title: "Tablets" }],
    });
    expect((await instance.call("GET", `${base}/categories/${hardware.sys_id}`)).result).toEqual(hardware);
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
    expect((kinds.get("building")!.choices as Json[]).length).toBeGreaterThan(0);
    expect(kinds.get("access")).toMatchObject({
      friendly_type: "container_start",
      children: [{ name: "groups" }, { name: "access_split" }, { name: "department" }],
    });
    const full = await instance.call("GET", `${base}/items/${everyType}`);
    expect(full.result.ui_policy).toMatchObject([
      {
        conditions: `IO:${kinds.get("remote")!.id}=Yes^EQ`,
        actions: [{ name: `IO:${kinds.get("room")!.id}`, visible: "false" }],
      },
    ]);
  });
});

describe("5.5 ordering", () => {
  test("order_now makes a request, an item, its variables and a task", async () => {
    const answer = await instance.call("POST", `${base}/items/${everyType}/order_now`, {
      sysparm_quantity: "2",
      sysparm_requested_for: abel,
      variables: { desk: "standing", remarks: "By the window" },
    });
    expect(answer.status).toBe(200);
    expect(answer.result).toMatchObject({ number: expect.stringMatching(/^REQ\d{7}$/), table: "sc_request" });
    expect(answer.result.request_number).toBe(answer.result.number);
    expect(answer.result.request_id).toBe(answer.result.sys_id);
    const [request] = await rows("sc_request", `sys_id=${answer.result.sys_id}`);
    expect(request).toMatchObject({ requested_for: abel, request_state: "requested", sc_catalog: catalog });
    const [item] = await rows("sc_req_item", `request=${answer.result.sys_id}`);
    expect(item).toMatchObject({ quantity: "2", cat_item: everyType, requested_for: abel });
    const kept = await rows("sc_item_option_mtom", `request_item=${item!.sys_id}`);
    expect(kept).toHaveLength(22);
    const asked = await rows(
      "sc_item_option",
      `sys_idIN${kept.map((row) => row.sc_item_option).join(",")}^valueISNOTEMPTY`,
    );
    expect(asked.map((row) => row.value)).toEqual(
      expect.arrayContaining(["standing", "By the window", "No", "true", abel]),
    );
    expect(await rows("sc_task", `request_item=${item!.sys_id}`)).toHaveLength(1);
  });

  test("the documented refusals, each a 400", async () => {
    const refused = async (item: string, body: unknown, user = "admin"): Promise<string> => {
      const answer = await instance.call("POST", `${base}/items/${item}/order_now`, body, user);
      expect(answer.status).toBe(400);
      return errorOf(answer).message;
    };
    for (const sysparm_quantity of [undefined, "", "0", "-1", "x", 1.5])
      expect(await refused(laptop, { sysparm_quantity })).toBe("Invalid quantity value");
    expect(await refused(everyType, { sysparm_quantity: 1 })).toBe("Mandatory Variables are required");
    for (const item of ["nothing", producer, guide])
      expect(await refused(item, { sysparm_quantity: 1 })).toBe(
        "Security constraints prevent ordering of Item",
      );
    expect(await refused(laptop, { sysparm_quantity: 1, sysparm_requested_for: "x".repeat(32) })).toBe(
      "Invalid user",
    );
    expect(await refused(laptop, "[1]")).toBe("Exception while reading request");
  });

  test("also_request_for makes one item each, for an item that asks for whom", async () => {
    const variables = { new_email: "a@example.com" };
    const answer = await instance.call("POST", `${base}/items/${mailbox}/order_now`, {
      sysparm_quantity: 1,
      sysparm_requested_for: abel,
      sysparm_also_request_for: david,
      variables,
    });
    const items = await rows("sc_req_item", `request=${answer.result.request_id}`);
    expect(items.map((row) => row.requested_for).sort()).toEqual([david, abel].sort());
    const none = await instance.call("POST", `${base}/items/${laptop}/order_now`, {
      sysparm_quantity: 1,
      sysparm_also_request_for: david,
    });
    expect(errorOf(none).message).toContain("not configured with Requested For");
    const many = await instance.call("POST", `${base}/items/${mailbox}/order_now`, {
      sysparm_quantity: 1,
      sysparm_also_request_for: Array(51).fill(david).join(","),
      variables,
    });
    expect(many.status).toBe(400);
  });

  test("a record producer makes a record of its table", async () => {
    const answer = await instance.call(
      "POST",
      `${base}/items/${producer}/submit_producer`,
      { variables: { urgency: "2", comments: "It smokes", what: "Printer" } },
      "employee",
    );
    expect(answer.result).toMatchObject({
      number: expect.stringMatching(/^INC/),
      parent_id: null,
      parent_table: "task",
      record: `api/now/table/incident/${answer.result.sys_id}`,
      redirect_portal_url: "",
      redirect_url: `incident.do?sys_id=${answer.result.sys_id}&sysparm_view=ess`,
      table: "incident",
      redirect_to: "",
    });
    const [incident] = await rows("incident", `sys_id=${answer.result.sys_id}`);
    expect(incident).toMatchObject({
      short_description: "Printer",
      urgency: "2",
      sys_created_by: "employee",
    });
    const missing = await instance.call("POST", `${base}/items/${producer}/submit_producer`, {
      variables: {},
    });
    expect(errorOf(missing).message).toBe("Mandatory Variables are required");
    expect((await instance.call("POST", `${base}/items/${laptop}/submit_producer`, {})).status).toBe(400);
  });
});

test("5.5 the script of a record producer fills the record, says where to go, and may abort", async () => {
  const made = await instance.call("POST", "/api/now/table/sc_cat_item_producer", {
    name: "Scripted",
    table_name: "incident",
    sc_catalogs: catalog,
    script: `if (producer.colour == "black") current.setAbortAction(true);
      current.short_description = "It should be " + producer.colour; current.urgency = 1;
      current.work_notes = "Asked for by " + gs.getUserName(); producer.redirect = "thanks.do";`,
  });
  const id = String(made.result.sys_id);
  await instance.call("POST", "/api/now/table/item_option_new", { cat_item: id, name: "colour", type: "6" });
  const submit = (colour: string) =>
    instance.call("POST", `${base}/items/${id}/submit_producer`, { variables: { colour } }, "itil");
  const answer = await submit("red");
  expect(answer.result).toMatchObject({ table: "incident", redirect_url: "thanks.do" });
  const [incident] = await rows("incident", `sys_id=${String(answer.result.sys_id)}`);
  expect(incident).toMatchObject({ short_description: "It should be red", urgency: "1" });
  const [note] = await rows("sys_journal_field", `element_id=${String(incident!.sys_id)}`);
  expect(note).toMatchObject({ element: "work_notes", value: "Asked for by itil" });
  expect((await submit("black")).status).toBe(400);
  expect(await rows("incident", "short_description=It should be black")).toEqual([]);
});

describe("5.5 cart and wish list", () => {
  test("one step: fill, change, look, check out", async () => {
    const user = "david.loo";
    const added = await instance.call(
      "POST",
      `${base}/items/${laptop}/add_to_cart`,
      { sysparm_quantity: 1, variables: { acrobat: "true" } },
      user,
    );
    expect(added.result).toMatchObject({
      subtotal: "$1,100.00",
      items: [
        { catalog_item_id: laptop, quantity: "1", price: "$1,100.00", recurring_frequency: "Annually" },
      ],
    });
    await instance.call("POST", `${base}/items/${monitor}/add_to_cart`, { sysparm_quantity: 3 }, user);
    const entry = (added.result.items as Json[])[0]!.cart_item_id as string;
    const changed = await instance.call("PUT", `${base}/cart/${entry}`, { sysparm_quantity: "2" }, user);
    expect(changed.result).toMatchObject({ subtotal_price: "$2,200.00" });
    const cart = await instance.call("GET", `${base}/cart`, undefined, user);
    expect(cart.result).toMatchObject({
      cart_id: added.result.cart_id,
      yearly: {
        frequency_label: "Annually",
        items: [
          {
            item_name: "Standard Laptop",
            quantity: "2",
            subtotal: 2200,
            show_price: true,
            delivery_time: "5 Days",
            variables: { "Adobe Acrobat": "true", "Adobe Photoshop": "" },
          },
        ],
      },
      none: { frequency_label: null, items: [{ item_name: "External Monitor", subtotal: 0 }] },
    });
    const ordered = await instance.call("POST", `${base}/cart/checkout`, undefined, user);
    expect(Object.keys(ordered.result).sort()).toEqual(["request_id", "request_number"]);
    expect(await rows("sc_req_item", `request=${ordered.result.request_id}`)).toHaveLength(2);
    const again = await instance.call("POST", `${base}/cart/submit_order`, undefined, user);
    expect(again.status).toBe(400);
  });

  test("two steps: checkout shows the order, submit_order places it", async () => {
    const property = await instance.call("POST", "/api/now/table/sys_properties", {
      name: "glide.sc.checkout.twostep",
      value: "true",
    });
    await instance.call("POST", `${base}/items/${laptop}/add_to_cart`, { sysparm_quantity: 1 });
    const shown = await instance.call("POST", `${base}/cart/checkout`);
    expect(shown.result).toMatchObject({
      requested_for_user: "System Administrator",
      delivery_address: "",
      special_instructions: "",
      yearly: { items: [{ catalog_item_id: laptop }] },
    });
    const ordered = await instance.call("POST", `${base}/cart/submit_order`);
    expect(ordered.result.request_number).toMatch(/^REQ/);
    await instance.call("DELETE", `/api/now/table/sys_properties/${property.result.sys_id}`);
  });

  test("entries are taken out one by one or all at once, never another user's", async () => {
    const add = async (): Promise<Json> =>
      (await instance.call("POST", `${base}/items/${monitor}/add_to_cart`, { sysparm_quantity: 1 }, "itil"))
        .result;
    const entry = ((await add()).items as Json[])[0]!.cart_item_id as string;
    expect((await instance.call("DELETE", `${base}/cart/${entry}`, undefined, "employee")).status).toBe(400);
    expect(
      (await instance.call("PUT", `${base}/cart/${entry}`, { sysparm_quantity: 9 }, "employee")).status,
    ).toBe(400);
    expect((await instance.call("DELETE", `${base}/cart/${entry}`, undefined, "itil")).status).toBe(204);
    const { cart_id } = await add();
    expect(
      (await instance.call("DELETE", `${base}/cart/${cart_id}/empty`, undefined, "employee")).status,
    ).toBe(400);
    expect((await instance.call("DELETE", `${base}/cart/${cart_id}/empty`, undefined, "itil")).status).toBe(
      204,
    );
    expect(await rows("sc_cart_item", `cart=${cart_id}`)).toEqual([]);
  });

  test("the wish list keeps items apart from the cart", async () => {
    const wished = await instance.call("POST", `${base}/items/${everyType}/add_to_wishlist`, {
      sysparm_quantity: "1",
    });
    const [entry] = wished.result.items as Json[];
    expect(entry).toMatchObject({ item_name: "Workplace Set Up", quantity: "1" });
    const list = await instance.call("GET", `${base}/wishlist`);
    expect(list.result).toMatchObject({
      cart_id: wished.result.cart_id,
      items: [{ cart_item_id: entry!.cart_item_id }],
    });
    const one = await instance.call("GET", `${base}/wishlist/${entry!.cart_item_id}`);
    expect(one.result).toMatchObject({ catalog_item_id: everyType, variables: { Remarks: "" } });
    expect((await instance.call("GET", `${base}/wishlist/nothing`)).status).toBe(404);
    expect((await instance.call("GET", `${base}/cart`)).result).not.toHaveProperty("none");
  });

  test("the delivery address is where the user is", async () => {
    const [place] = await rows("cmn_location", "ORDERBYname");
    await instance.call("PATCH", `/api/now/table/cmn_location/${place!.sys_id}`, {
      street: "25 New Street",
      city: "Boston",
      state: "MA",
      zip: "02114",
      country: "USA",
    });
    await instance.call("PATCH", `/api/now/table/sys_user/${abel}`, { location: place!.sys_id as string });
    const answer = await instance.call("GET", `${base}/cart/delivery_address/${abel}`);
    expect(answer.body.result).toBe("25 New Street\nBoston, MA, 02114\nUSA");
    expect((await instance.call("GET", `${base}/cart/delivery_address/nobody`)).status).toBe(400);
  });
});

describe("5.5 order guides", () => {
  test("answers choose the items, which are then put into the cart", async () => {
    const chosen = await instance.call("PUT", `${base}/items/${guide}/submit_guide`, {
      variables: { remote: "No", laptop_type: "none" },
    });
    expect(chosen.list.map((item) => item.name)).toEqual(["External Monitor", "New Email Account"]);
    expect(chosen.list[1]).toMatchObject({
      quantity: "1",
      order: "300",
      variables: [{ name: "new_email" }, {}],
    });
    const missing = await instance.call("PUT", `${base}/items/${guide}/submit_guide`, { variables: {} });
    expect(errorOf(missing).message).toBe("Mandatory Variables are required");
    const cart = await instance.call("POST", `${base}/items/${guide}/checkout_guide`, {
      items: [{ sys_id: monitor }, { sys_id: mailbox, variables: { new_email: "a@example.com" } }],
    });
    expect(cart.result).toMatchObject({
      none: {
        items: [{ order_guide: "New Hire" }, { variables: { "Preferred Email address": "a@example.com" } }],
      },
    });
    await instance.call("DELETE", `${base}/cart/${cart.result.cart_id}/empty`);
    const refused = await instance.call("POST", `${base}/items/${guide}/checkout_guide`, {
      items: [{ sys_id: monitor }, { sys_id: mailbox }],
    });
    expect(errorOf(refused).message).toBe("Mandatory Variables are required");
    expect((await instance.call("GET", `${base}/cart`)).result).not.toHaveProperty("none");
  });

  test("a guide that asks in two steps orders at once", async () => {
    await instance.call("PATCH", `/api/now/table/sc_cat_item_guide/${guide}`, { two_step: "true" });
    const answer = await instance.call("POST", `${base}/items/${guide}/checkout_guide`, {
      items: [{ sys_id: monitor }],
    });
    expect(answer.result.request_number).toMatch(/^REQ/);
  });
});
