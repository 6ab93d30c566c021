import { duringTests } from "../../helpers/instance";
import { base, laptop, monitor, mailbox, everyType, guide, abel } from "./catalog-ids";
import { errorOf, serve, type Json } from "./served";
import { present, toRows, toText } from "../../helpers/present";

const instance = duringTests(serve);

describe("cart and wish list", () => {
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
    const entry = toText(present(toRows(added.result.items)[0]).cart_item_id);
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
    expect(await instance.rows("sc_req_item", `request=${toText(ordered.result.request_id)}`)).toHaveLength(
      2,
    );
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
    await instance.call("DELETE", `/api/now/table/sys_properties/${toText(property.result.sys_id)}`);
  });

  test("entries are taken out one by one or all at once, never another user's", async () => {
    const add = async (): Promise<Json> =>
      (await instance.call("POST", `${base}/items/${monitor}/add_to_cart`, { sysparm_quantity: 1 }, "itil"))
        .result;
    const entry = toText(present(toRows((await add()).items)[0]).cart_item_id);
    expect((await instance.call("DELETE", `${base}/cart/${entry}`, undefined, "employee")).status).toBe(400);
    expect(
      (await instance.call("PUT", `${base}/cart/${entry}`, { sysparm_quantity: 9 }, "employee")).status,
    ).toBe(400);
    expect((await instance.call("DELETE", `${base}/cart/${entry}`, undefined, "itil")).status).toBe(204);
    const { cart_id } = await add();
    expect(
      (await instance.call("DELETE", `${base}/cart/${toText(cart_id)}/empty`, undefined, "employee")).status,
    ).toBe(400);
    expect(
      (await instance.call("DELETE", `${base}/cart/${toText(cart_id)}/empty`, undefined, "itil")).status,
    ).toBe(204);
    expect(await instance.rows("sc_cart_item", `cart=${toText(cart_id)}`)).toEqual([]);
  });

  test("the wish list keeps items apart from the cart", async () => {
    const wished = await instance.call("POST", `${base}/items/${everyType}/add_to_wishlist`, {
      sysparm_quantity: "1",
    });
    const [entry] = toRows(wished.result.items);
    expect(entry).toMatchObject({ item_name: "Workplace Set Up", quantity: "1" });
    const list = await instance.call("GET", `${base}/wishlist`);
    expect(list.result).toMatchObject({
      cart_id: wished.result.cart_id,
      items: [{ cart_item_id: present(entry).cart_item_id }],
    });
    const one = await instance.call("GET", `${base}/wishlist/${toText(present(entry).cart_item_id)}`);
    expect(one.result).toMatchObject({ catalog_item_id: everyType, variables: { Remarks: "" } });
    expect((await instance.call("GET", `${base}/wishlist/nothing`)).status).toBe(404);
    expect((await instance.call("GET", `${base}/cart`)).result).not.toHaveProperty("none");
  });

  test("the delivery address is where the user is", async () => {
    const [place] = await instance.rows("cmn_location", "ORDERBYname");
    await instance.call("PATCH", `/api/now/table/cmn_location/${toText(present(place).sys_id)}`, {
      street: "25 New Street",
      city: "Boston",
      state: "MA",
      zip: "02114",
      country: "USA",
    });
    await instance.call("PATCH", `/api/now/table/sys_user/${abel}`, {
      location: toText(present(place).sys_id),
    });
    const answer = await instance.call("GET", `${base}/cart/delivery_address/${abel}`);
    expect(answer.body.result).toBe("25 New Street\nBoston, MA, 02114\nUSA");
    expect((await instance.call("GET", `${base}/cart/delivery_address/nobody`)).status).toBe(400);
  });
});

describe("order guides", () => {
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
    await instance.call("DELETE", `${base}/cart/${toText(cart.result.cart_id)}/empty`);
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
