import {
  catalog,
  readRequestVariables,
  updateRequestVariables,
  users,
  type CatalogItem,
} from "../../../common";
import { prepareAnswers, readVariables } from "../../../common/apis/catalog/variables";
import { stubClient, stubTransport, bodyText } from "../stub";
import { failureOf, useInstance } from "./support";
import { present } from "../../helpers/present";

const { as } = useInstance();
let items: CatalogItem[];
const item = (name: string): CatalogItem => {
  const found = items.find((one) => one.name === name);
  if (!found) throw new Error(`no item ${name}`);
  return found;
};

/** Some answer to every mandatory question of an item, but for the named ones. */
const answersFor = async (entry: CatalogItem, but: string[] = []): Promise<Record<string, string>> => {
  const questions = await catalog(as()).variables(entry);
  const open = questions.filter((one) => one.mandatory && !one.defaultValue && !but.includes(one.name));
  const person = await users(as()).resolve("beth.anglin");
  return Object.fromEntries(
    open.map((one) => [
      one.name,
      one.choices[0]?.value ?? (one.reference === "sys_user" ? person.sys_id : "something"),
    ]),
  );
};

beforeAll(async () => {
  items = await catalog(as()).items();
}, 120_000);

it("browses catalogs, categories and items", async () => {
  const shop = catalog(as());
  const [first] = await shop.catalogs();
  expect(first?.title).toBe("Service Catalog");
  const categories = await shop.categories(present(first));
  expect(categories.length).toBeGreaterThan(1);
  expect((await shop.category(present(categories[0]))).title).toBe(present(categories[0]).title);
  expect((await shop.items({ text: "laptop" })).map(({ name }) => name)).toContain("Standard Laptop");
  expect((await shop.item(item("Standard Laptop"))).name).toBe("Standard Laptop");
});

it("knows an item's questions, those in containers too", async () => {
  const questions = await catalog(as()).variables(item("Standard Laptop"));
  expect(questions.map(({ name, type, set }) => [name, type, set])).toEqual([
    ["acrobat", "check_box", "optional_software"],
    ["photoshop", "check_box", "optional_software"],
    ["Additional_software_requirements", "multi_line_text", ""],
  ]);
});

it("orders with answers by name and choices by label, for somebody else", async () => {
  const client = as();
  const shop = catalog(client);
  const beth = await users(client).resolve("beth.anglin");
  const request = await shop.orderNow(item("Workplace Set Up"), {
    quantity: 2,
    requestedFor: beth,
    variables: { desk: "Standing desk", remarks: "by the window", manager: beth.sys_id },
  });
  expect(request.number).toMatch(/^REQ\d+$/);
  const [requested] = await shop.requestedItems(request.number);
  expect(requested).toMatchObject({
    name: "Workplace Set Up",
    quantity: "2",
    number: expect.stringMatching(/^RITM/),
  });
  const { variables } = await readRequestVariables(client, present(requested).number);
  const answer = (name: string) => variables.find((variable) => variable.name === name);
  expect(answer("desk")).toMatchObject({ value: "standing", display: "Standing desk", label: "Desk" });
  expect(answer("manager")).toMatchObject({
    value: beth.sys_id,
    display: "Beth Anglin",
    reference: "sys_user",
  });
  expect(answer("remarks")).toMatchObject({ value: "by the window", display: "by the window" });
});

it("what an order lacks or has too much is said by name, before anything is ordered", async () => {
  const client = as();
  const shop = catalog(client);
  const count = async () => (await client.table("sc_request").page({ limit: 1, fields: ["sys_id"] })).total;
  const before = await count();
  const missing = await failureOf(shop.orderNow(item("Workplace Set Up")));
  expect(missing).toMatchObject({ kind: "usage", fields: ["desk"] });
  expect(missing.message).toMatch(/Desk \(desk\)/);
  const unknown = await failureOf(shop.orderNow(item("Standard Laptop"), { variables: { ram: "64" } }));
  expect(unknown).toMatchObject({ kind: "usage", fields: ["ram"] });
  expect(await failureOf(shop.orderNow(item("Standard Laptop"), { quantity: 0 }))).toMatchObject({
    kind: "usage",
  });
  expect(await count()).toBe(before);
});

it("the cart takes, changes, drops and orders items", async () => {
  const shop = catalog(as("itil"));
  await shop.addToCart(item("Standard Laptop"), { quantity: 2 });
  await shop.addToCart(item("External Monitor"));
  const cart = await shop.cart();
  expect(cart.items.map((line) => line.item_name).sort()).toEqual(["External Monitor", "Standard Laptop"]);
  const laptop = present(cart.items.find((line) => line.item_name === "Standard Laptop"));
  const changed = await shop.updateCartItem(laptop.cart_item_id, { quantity: 3 });
  expect(changed.items.find((line) => line.item_name === "Standard Laptop")?.quantity).toBe("3");
  await shop.removeCartItem(
    present(cart.items.find((line) => line.item_name === "External Monitor")).cart_item_id,
  );
  const checkout = await shop.checkout();
  expect(checkout).toMatchObject({ ordered: true, request: { number: expect.stringMatching(/^REQ/) } });
  expect((await shop.cart()).items).toEqual([]);
  expect(await shop.emptyCart()).toBe(0);
});

it("the wish list takes an item with its answers, orders nothing, and says what is missing first", async () => {
  const client = as("itil");
  const shop = catalog(client);
  const requests = async () =>
    (await client.table("sc_request").page({ limit: 1, fields: ["sys_id"] })).total;
  const before = await requests();
  const added = await shop.addToWishlist(item("Standard Laptop"), {
    quantity: 2,
    variables: { acrobat: true },
  });
  expect(added.items).toHaveLength(1);
  const { items: wished } = await shop.wishlist();
  expect(wished).toMatchObject([{ item_name: "Standard Laptop", quantity: "2" }]);
  expect(await failureOf(shop.addToWishlist(item("Workplace Set Up")))).toMatchObject({ fields: ["desk"] });
  expect((await shop.cart()).items).toEqual([]);
  expect(await requests()).toBe(before);
});

it("an order guide chooses items and puts them into the cart; a record producer makes its record", async () => {
  const shop = catalog(as());
  const chosen = await shop.submitGuide(item("New Hire"), { variables: { remote: "Yes" } });
  expect(chosen.map(({ name }) => name)).toContain("Standard Laptop");
  const laptop = present(chosen.find(({ name }) => name === "Standard Laptop"));
  const outcome = await shop.checkoutGuide(item("New Hire"), [{ item: laptop }]);
  expect(outcome).toMatchObject({ ordered: false, cart: { items: [{ item_name: "Standard Laptop" }] } });
  expect(await shop.emptyCart()).toBe(1);
  const made = await shop.submitProducer(item("Create Incident"), {
    variables: { comments: "It smokes", urgency: "1" },
  });
  expect(made).toMatchObject({ table: "incident", number: expect.stringMatching(/^INC/) });
});

it("variables of a requested item are written by name, unchanged ones left alone", async () => {
  const client = as();
  const shop = catalog(client);
  const request = await shop.orderNow(item("Workplace Set Up"), {
    variables: { desk: "fixed", remarks: "old" },
  });
  const [requested] = await shop.requestedItems(request);
  expect(
    await updateRequestVariables(client, present(requested), { desk: "Standing desk", remarks: "old" }),
  ).toEqual(["desk"]);
  const { variables } = await readRequestVariables(client, present(requested));
  expect(variables.find(({ name }) => name === "desk")?.value).toBe("standing");
  const unknown = await failureOf(updateRequestVariables(client, present(requested), { colour: "red" }));
  expect(unknown).toMatchObject({ kind: "usage", fields: ["colour"] });
  expect(unknown.message).toContain("remarks");
});

describe("multi-row variable sets", () => {
  it("are asked for with their columns, ordered with rows, read as rows and rewritten, on the instance", async () => {
    const client = as();
    const shop = catalog(client);
    const room = item("Room for an Event");
    const guests = (await shop.variables(room)).find(({ name }) => name === "guests");
    expect(guests?.type).toBe("multi_row_variable_set");
    const [first, second] = present(guests).columns.map(({ name }) => name) as [string, string];
    const others = await answersFor(room, ["guests"]);
    const request = await shop.orderNow(room, {
      variables: { ...others, guests: [{ [first]: "Ann", [second]: "ann@example.com" }, { [first]: "Bob" }] },
    });
    const [requested] = await shop.requestedItems(request);
    const names = async () =>
      ((await readRequestVariables(client, present(requested))).rows["guests"] ?? []).map(
        (row) => row[first]?.value,
      );
    expect(await names()).toEqual(["Ann", "Bob"]);
    const change = (rows: Record<string, string>[]) =>
      updateRequestVariables(client, present(requested), { guests: rows });
    expect(await change([{ [first]: "Anna" }, { [first]: "Bob" }, { [first]: "Cem" }])).toEqual(["guests"]);
    expect(await names()).toEqual(["Anna", "Bob", "Cem"]);
    expect(await change([])).toEqual(["guests"]);
    expect(await names()).toEqual([]);
    // The set has no row now, and is still found among the item's questions.
    expect(await change([{ [first]: "Dan" }])).toEqual(["guests"]);
    expect(await names()).toEqual(["Dan"]);
    expect(await failureOf(change([{ hat: "red" }]))).toMatchObject({ kind: "usage" });
    expect(
      await failureOf(updateRequestVariables(client, present(requested), { drivers: [{ name: "x" }] })),
    ).toMatchObject({ kind: "usage", fields: ["drivers"] });
  });

  const ritm = "a".repeat(32);
  const question = (digit: string) => digit.repeat(32);
  const cell = (id: string, row: string, name: string, value: string) => ({
    sys_id: id.repeat(32),
    value,
    row_index: row,
    variable_set: question("e"),
    "variable_set.internal_name": "guests",
    item_option_new: question(name === "name" ? "1" : "2"),
    "item_option_new.name": name,
    "item_option_new.question_text": name.toUpperCase(),
  });
  const answers = [
    cell("3", "1", "name", "Ann"),
    cell("4", "1", "badge", "yes"),
    cell("5", "2", "name", "Bob"),
    cell("6", "2", "badge", "no"),
  ];
  const instance = () =>
    stubTransport((request) => {
      if (request.method !== "GET")
        return request.method === "DELETE" ? { status: 204 } : { json: { result: { sys_id: "x" } } };
      const rows = request.url.includes("sc_multi_row_question_answer") ? answers : [];
      return { json: { result: rows }, headers: { "x-total-count": String(rows.length) } };
    });

  it("are read as rows", async () => {
    const { rows } = await readRequestVariables(stubClient(instance()).client, ritm);
    expect(rows["guests"]?.map((row) => [row["name"]?.value, row["badge"]?.value])).toEqual([
      ["Ann", "yes"],
      ["Bob", "no"],
    ]);
  });

  it("are written as rows: changed cells only, new rows made, missing ones deleted", async () => {
    const fewer = instance();
    await updateRequestVariables(stubClient(fewer).client, ritm, {
      guests: [{ name: "Anna", badge: "yes" }],
    });
    const writes = fewer.requests
      .filter(({ method }) => method !== "GET")
      .map(({ method, url, body }) => [method, url.slice(-44, -12), body]);
    expect(writes.filter(([method]) => method === "PATCH")).toHaveLength(1);
    expect(writes.filter(([method]) => method === "DELETE")).toHaveLength(2);
    const more = instance();
    await updateRequestVariables(stubClient(more).client, ritm, {
      guests: [{ name: "Ann" }, { name: "Bob" }, { name: "Cem", badge: "yes" }],
    });
    const made = more.requests
      .filter(({ method }) => method === "POST")
      .map((request) => JSON.parse(bodyText(request)) as unknown);
    expect(made).toMatchObject([
      { value: "Cem", row_index: "3", parent_id: ritm },
      { value: "yes", row_index: "3" },
    ]);
  });

  it("are ordered with as a list of objects, checked against their columns", () => {
    const variables = readVariables([
      {
        name: "guests",
        label: "Guests",
        friendly_type: "multi_row_variable_set",
        children: [{ name: "name", label: "Name", friendly_type: "single_line_text", mandatory: true }],
      },
    ]);
    expect(prepareAnswers(variables, { guests: [{ name: "Ann" }] })).toEqual({ guests: '[{"name":"Ann"}]' });
    expect(() => prepareAnswers(variables, { guests: [{}] })).toThrow(/Name \(name\)/);
    expect(() => prepareAnswers(variables, { guests: "Ann" })).toThrow(/several rows/);
  });
});
