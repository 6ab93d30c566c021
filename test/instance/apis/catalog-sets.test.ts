import { duringTests } from "../../helpers/instance";
import { base, everyType as workplace } from "./catalog-ids";
import { errorOf, serve, type Json } from "./served";
import { present, toRows, toText } from "../../helpers/present";

const instance = duringTests(serve);

const eventRoom = "b2c5e1a7f4d3480e9a6b7c8d9e0f1a2b";
const guests = [
  { guest_name: "Grace Hopper", guest_mail: "grace@example.com" },
  { guest_name: "Alan Turing", badge: "week" },
];

async function cellsOf(parent: string): Promise<Json[]> {
  return instance.rows("sc_multi_row_question_answer", `parent_id=${parent}^ORDERBYrow_index`, [
    "row_index",
    "value",
    "parent_table_name",
    "variable_set.internal_name",
    "item_option_new.name",
  ]);
}

describe("variable sets", () => {
  test("a set stands in the form as a container of its variables, at its place", async () => {
    const { list } = await instance.call("GET", `${base}/items/${eventRoom}/variables`);
    expect(list.map((entry) => entry.name)).toEqual(["occasion", "catering", "contact_details", "guests"]);
    expect(list[2]).toMatchObject({
      label: "Contact details",
      multi_row: false,
      children: [{ name: "contact", reference: "sys_user" }, { name: "call_first" }, { name: "phone" }],
    });
    expect(list[3]).toMatchObject({
      friendly_type: "sc_multi_row",
      multi_row: true,
      children: [{ name: "guest_name", mandatory: true }, { name: "guest_mail" }, { name: "badge" }],
    });
    const links = await instance.rows("io_set_item", `sc_cat_item=${eventRoom}^ORDERBYorder`, [
      "variable_set",
      "order",
    ]);
    expect(links.map((link) => link.variable_set)).toEqual([present(list[2]).id, present(list[3]).id]);
    const set = await instance.rows("item_option_new_set", `sys_id=${String(present(list[3]).id)}`);
    expect(set).toMatchObject([{ internal_name: "guests", title: "Guests", type: "one_to_many" }]);
  });

  test("an order keeps answers of a single-row set as options, rows of a multi-row set as cells", async () => {
    const answer = await instance.call("POST", `${base}/items/${eventRoom}/order_now`, {
      sysparm_quantity: 1,
      variables: { occasion: "Talk", phone: "+1 555 0100", guests: JSON.stringify(guests) },
    });
    expect(answer.status).toBe(200);
    const [item] = await instance.rows("sc_req_item", `request=${String(answer.result.sys_id)}`);
    const options = await instance.rows(
      "sc_item_option_mtom",
      `request_item=${String(present(item).sys_id)}`,
      ["value", "item_option_new.name", "item_option_new.variable_set.internal_name"].map(
        (column) => `sc_item_option.${column}`,
      ),
    );
    expect(options).toContainEqual({
      "sc_item_option.value": "+1 555 0100",
      "sc_item_option.item_option_new.name": "phone",
      "sc_item_option.item_option_new.variable_set.internal_name": "contact_details",
    });
    const cell = (row_index: string, name: string, value: string): Json => ({
      row_index,
      value,
      parent_table_name: "sc_req_item",
      "variable_set.internal_name": "guests",
      "item_option_new.name": name,
    });
    const cells = await cellsOf(String(present(item).sys_id));
    expect(cells).toHaveLength(6);
    expect(cells).toEqual(
      expect.arrayContaining([
        cell("1", "guest_name", "Grace Hopper"),
        cell("1", "badge", "day"),
        cell("2", "guest_name", "Alan Turing"),
        cell("2", "badge", "week"),
      ]),
    );
  });

  test("a row without its mandatory answer is refused", async () => {
    const refused = await instance.call("POST", `${base}/items/${eventRoom}/order_now`, {
      sysparm_quantity: 1,
      variables: { occasion: "Talk", guests: [{ guest_mail: "x@example.com" }] },
    });
    expect(refused.status).toBe(400);
    expect(errorOf(refused).message).toBe("Mandatory Variables are required");
  });

  test("the cart carries the rows to the requested item and forgets them with the entry", async () => {
    const user = "david.loo";
    const added = await instance.call(
      "POST",
      `${base}/items/${eventRoom}/add_to_cart`,
      { sysparm_quantity: 1, variables: { occasion: "Talk", guests } },
      user,
    );
    const entry = String(present(toRows(added.result.items)[0]).cart_item_id);
    expect(await cellsOf(entry)).toHaveLength(6);
    const changed = await instance.call(
      "PUT",
      `${base}/cart/${entry}`,
      { sysparm_quantity: 1, variables: { guests: guests.slice(0, 1) } },
      user,
    );
    const shown = present(
      (changed.result.none as { items: { variables: Record<string, string> }[] }).items[0],
    ).variables;
    expect(shown["What is it for?"]).toBe("Talk");
    expect(JSON.parse(present(shown.Guests))).toEqual([
      { Name: "Grace Hopper", Mail: "grace@example.com", Badge: "Day" },
    ]);
    const ordered = await instance.call("POST", `${base}/cart/checkout`, undefined, user);
    const [item] = await instance.rows("sc_req_item", `request=${String(ordered.result.request_id)}`);
    expect(await cellsOf(String(present(item).sys_id))).toHaveLength(3);
    expect(await cellsOf(entry)).toEqual([]);
  });

  test("the demo has an ordered item with two guests", async () => {
    const [item] = await instance.rows("sc_req_item", `cat_item=${eventRoom}^number=RITM0000013`);
    expect((await cellsOf(String(present(item).sys_id))).map((cell) => cell.value)).toEqual(
      expect.arrayContaining(["Ada Lovelace", "Charles Babbage"]),
    );
  });
});

describe("UI policies", () => {
  test("policies of an item and of its variable sets name variables by IO: and sys_id", async () => {
    const item = await instance.call("GET", `${base}/items/${eventRoom}`);
    const [policy] = toRows(item.result.ui_policy);
    const [callFirst] = await instance.rows("item_option_new", "name=call_first");
    const [phone] = await instance.rows("item_option_new", "name=phone");
    expect(policy).toMatchObject({
      conditions: `IO:${String(present(callFirst).sys_id)}=true^EQ`,
      onload: true,
      reverse: true,
      actions: [
        {
          name: `IO:${String(present(phone).sys_id)}`,
          mandatory: "true",
          visible: "true",
          disabled: "ignore",
        },
      ],
    });
  });

  test("as rows: the action by item or by the set of its policy, the policy by its sys_ids", async () => {
    const [ofItem] = await instance.rows("catalog_ui_policy_action", `catalog_item=${workplace}`);
    expect(ofItem).toMatchObject({
      catalog_variable: expect.stringMatching(/^IO:[0-9a-f]{32}$/),
      visible: "false",
    });
    const [link] = await instance.rows("io_set_item", `sc_cat_item=${eventRoom}^ORDERBYorder`);
    const [ofSet] = await instance.rows(
      "catalog_ui_policy_action",
      `ui_policy.variable_set=${String(present(link).variable_set)}`,
    );
    expect(ofSet).toMatchObject({ variable: "phone", mandatory: "true", catalog_item: "" });
    const policies = await instance.rows(
      "catalog_ui_policy",
      `sys_idIN${toText(present(ofItem).ui_policy)},${toText(present(ofSet).ui_policy)}`,
    );
    expect(policies.map((policy) => policy.applies_to).sort()).toEqual(["item", "set"]);
  });
});

describe("prices of answers", () => {
  test("chosen choices and ticked boxes are part of the price, times the quantity", async () => {
    const user = "itil";
    await instance.call(
      "POST",
      `${base}/items/${workplace}/add_to_cart`,
      { sysparm_quantity: 2, variables: { desk: "standing", chair: "ergonomic" } },
      user,
    );
    const added = await instance.call(
      "POST",
      `${base}/items/${eventRoom}/add_to_cart`,
      { sysparm_quantity: 1, variables: { occasion: "Talk", catering: "true" } },
      user,
    );
    expect(added.result.subtotal).toBe("$975.00");
    const cart = await instance.call("GET", `${base}/cart`, undefined, user);
    expect(cart.result).toMatchObject({
      subtotal_price: "$975.00",
      none: { items: [{ price: "$450.00", subtotal: 900, subtotal_price: "$900.00" }, { price: "$75.00" }] },
    });
    const ordered = await instance.call("POST", `${base}/cart/checkout`, undefined, user);
    const request = String(ordered.result.request_id);
    expect(await instance.rows("sc_request", `sys_id=${request}`)).toMatchObject([{ price: "975.00" }]);
    const items = await instance.rows("sc_req_item", `request=${request}^ORDERBYprice`);
    expect(items.map((item) => item.price).sort()).toEqual(["450.00", "75.00"]);
  });

  test("a choice that is paid for again and again adds to the recurring price", async () => {
    const laptop = "04b7e94b4f7b4200086eeed18110c7fd";
    const call = async (table: string, body: Json): Promise<string> =>
      String((await instance.call("POST", `/api/now/table/${table}`, body)).result.sys_id);
    const question = await call("item_option_new", {
      cat_item: laptop,
      name: "insurance",
      question_text: "Insurance",
      type: "5",
      order: "900",
    });
    await call("question_choice", { question, value: "full", text: "Full", misc: "10", rec_misc: "20.50" });
    await instance.call(
      "POST",
      `${base}/items/${laptop}/add_to_cart`,
      { sysparm_quantity: 2, variables: { insurance: "full" } },
      "employee",
    );
    const cart = await instance.call("GET", `${base}/cart`, undefined, "employee");
    expect(cart.result).toMatchObject({
      subtotal_price: "$2,220.00",
      subtotal_recurring_price: "$241.00",
      yearly: { items: [{ price: "$1,110.00", recurring_price: "$120.50", recurring_subtotal: 241 }] },
    });
  });
});
