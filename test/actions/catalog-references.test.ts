import addItemToCart from "../../actions/add-item-to-cart/add-item-to-cart";
import emptyCart from "../../actions/empty-cart/empty-cart";
import getCatalogItemVariables from "../../actions/get-catalog-item-variables/get-catalog-item-variables";
import orderCatalogItem from "../../actions/order-catalog-item/order-catalog-item";
import updateCartItem from "../../actions/update-cart-item/update-cart-item";
import viewCart from "../../actions/view-cart/view-cart";
import { useInstance, type Row } from "../helpers/action-suite";

/** Answers that refer to records follow the rule of every other input: by name, e-mail or sys_id, and never one that does not exist. */
const { run, total, rows } = useInstance({ incidents: 5 });
const NOBODY = "0".repeat(32);

interface Question {
  name: string;
  type: string;
  mandatory: boolean;
  reference?: string;
  choices?: { value: string }[];
}

/** An item of the demo catalog that asks for a person and for groups, with answers to its other mandatory questions. */
let item = "";
let needed: Row = {};
beforeAll(async () => {
  for (const { name = "" } of await rows("sc_cat_item", "active=true", 60)) {
    const { result } = await run(getCatalogItemVariables, { catalogItemSysId: name }).catch(() => ({
      result: [],
    }));
    const questions = result as Question[];
    const asks = (wanted: string) => questions.some((question) => question.name === wanted);
    if (!asks("manager") || !asks("groups")) continue;
    item = name;
    const mandatory = questions.filter((question) => question.mandatory);
    needed = Object.fromEntries(mandatory.map((one) => [one.name, one.choices?.[0]?.value ?? "1"]));
    return;
  }
});

const idOf = async (table: string, query: string) => String((await rows(table, query))[0]?.sys_id);

test("a person by user name or e-mail, and groups by name, are stored as sys_ids", async () => {
  const admin = await idOf("sys_user", "user_name=admin");
  const [network, desk] = [
    await idOf("sys_user_group", "name=Network"),
    await idOf("sys_user_group", "name=Service Desk"),
  ];
  for (const manager of ["admin", "admin@example.com", admin]) {
    const variables = { ...needed, manager, groups: `Network,${desk}` };
    const { result } = await run(orderCatalogItem, { sysId: item, variables });
    const [ordered] = await rows("sc_req_item", `request=${String((result as Row).request_id)}`);
    const options = await rows("sc_item_option_mtom", `request_item=${ordered?.sys_id}`, 50);
    const stored: string[] = [];
    for (const { sc_item_option: id } of options)
      for (const { value = "" } of await rows("sc_item_option", `sys_id=${id}`)) stored.push(value);
    expect(stored).toContain(admin);
    expect(stored).toContain(`${network},${desk}`);
  }
});

test.each<[string, Row]>([
  ["a sys_id that belongs to nobody", { manager: NOBODY }],
  ["a name that nobody has", { manager: "No Such Person" }],
  ["one group of several", { groups: "Network,No Such Group" }],
])("%s is refused by the question's name, and nothing is ordered", async (_, answers) => {
  const before = await total("sc_request");
  const [name = ""] = Object.keys(answers);
  const variables = { ...needed, ...answers };
  const refused = new RegExp(`\\(${name}\\): (there is no|no) `);
  await expect(run(orderCatalogItem, { sysId: item, variables })).rejects.toThrow(refused);
  await expect(
    run(addItemToCart, { sysId: item, itemSysId: item, catalogItemSysId: item, variables }),
  ).rejects.toThrow(refused);
  expect(await total("sc_request")).toBe(before);
});

test("what is changed in the cart follows the same rule, without the other mandatory answers", async () => {
  await run(emptyCart);
  await run(addItemToCart, { sysId: item, itemSysId: item, catalogItemSysId: item, variables: needed });
  const cart = (await run(viewCart)).result as Record<string, unknown>;
  const groups = [cart, ...Object.values(cart)].map((group): unknown => Reflect.get(Object(group), "items"));
  const [line] = groups.filter(Array.isArray).flat() as Row[];
  const change = (variables: Row) => run(updateCartItem, { cartItemId: line?.cart_item_id, variables });
  await expect(change({ manager: NOBODY })).rejects.toThrow(/\(manager\): there is no/);
  await expect(change({ no_such: "x" })).rejects.toThrow(/does not ask for no_such/);
  expect((await change({ manager: "admin" })).summary).toMatch(/^Changed cart item/);
  await run(emptyCart);
});
