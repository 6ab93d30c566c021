import {
  attachments,
  catalog,
  changes,
  groups,
  knowledge,
  readRequestVariables,
  users,
} from "../../../common";
import { stubClient, stubTransport } from "../stub";
import { failureOf, useInstance } from "./support";
import { present } from "../../helpers/present";

const { as } = useInstance();

it("a user is deactivated, not deleted", async () => {
  const client = as();
  const made = await client
    .table("sys_user")
    .create({ user_name: "leaving.soon", first_name: "Leaving", last_name: "Soon" });
  await users(client).deactivate(present(made.sys_id));
  expect(
    await client.table("sys_user").get(present(made.sys_id), { fields: ["user_name", "active"] }),
  ).toMatchObject({
    user_name: "leaving.soon",
    active: "false",
  });
});

it("attributes kept with a file are read by name", async () => {
  const client = as();
  const incident = await client.table("incident").create({ short_description: "With a file" });
  const file = await attachments(client).upload(
    { table: "incident", record: present(incident.sys_id) },
    { name: "a.txt", content: "text", contentType: "text/plain" },
  );
  await client.request({
    method: "POST",
    path: `/api/now/attachment/${file.sys_id}/attributes`,
    body: { origin: "scanner" },
    operation: "keep an attribute",
  });
  expect(JSON.stringify(await attachments(client).attributes(file.sys_id))).toContain("scanner");
});

it("a file of an article comes byte by byte", async () => {
  const client = as();
  const article = present(await client.table("kb_knowledge").first({ query: "workflow_state=published" }));
  const file = await attachments(client).upload(
    { table: "kb_knowledge", record: present(article.sys_id) },
    {
      name: "guide.bin",
      content: new Uint8Array([0, 255, 10, 13, 200]),
      contentType: "application/octet-stream",
    },
  );
  const back = await knowledge(client).attachment(present(article.sys_id), file.sys_id);
  expect([...new Uint8Array(await new Response(back.body).arrayBuffer())]).toEqual([0, 255, 10, 13, 200]);
});

it("one catalog and one item are read by themselves, and an order may be for several people", async () => {
  const client = as();
  const shop = catalog(client);
  const [first] = await shop.catalogs();
  expect((await shop.catalog(present(first))).title).toBe(present(first).title);
  expect(await shop.catalogs({ text: "no catalog of this name" })).toEqual([]);
  const [email] = await shop.items({ text: "New Email Account" });
  const people = await Promise.all(
    ["beth.anglin", "don.goodliffe"].map((name) => users(client).resolve(name)),
  );
  const request = await shop.orderNow(present(email), {
    requestedFor: present(people[0]),
    alsoFor: [present(people[1])],
    variables: { new_email: "shared@example.com" },
  });
  expect(await shop.requestedItems(request)).not.toEqual([]);
});

it("an address for deliveries is text, with a line for each part", async () => {
  const client = as();
  const beth = await users(client).resolve("beth.anglin");
  expect(await catalog(client).deliveryAddress(beth)).toBe("San Diego\nUSA");
});

it("where checkout has two steps it shows the cart, and submitting orders it", async () => {
  const admin = as();
  await admin.table("sys_properties").create({ name: "glide.sc.checkout.twostep", value: "true" });
  const shop = catalog(as("itil"));
  const [monitor] = await shop.items({ text: "External Monitor" });
  await shop.addToCart(present(monitor));
  const shown = await shop.checkout();
  expect(shown).toMatchObject({ ordered: false, cart: { items: [{ item_name: "External Monitor" }] } });
  expect(await shop.submitOrder()).toMatchObject({ number: expect.stringMatching(/^REQ/) });
  expect((await shop.cart()).items).toEqual([]);
});

it("an account that may not read the answers of a request is told which tables to ask for", async () => {
  const client = as();
  const [laptop] = await catalog(client).items({ text: "Standard Laptop" });
  const request = await catalog(client).orderNow(present(laptop), { variables: { acrobat: true } });
  const [item] = await catalog(client).requestedItems(request);
  const error = await failureOf(readRequestVariables(as("norole"), present(item).sys_id));
  expect(error).toMatchObject({ kind: "acl" });
  expect(error.message).toMatch(/sc_item_option_mtom, sc_item_option and item_option_new/);
});

it("groups are found by a part of their name, without those that are out of use unless asked", async () => {
  const client = as();
  await client.table("sys_user_group").create({ name: "Zebra Watch" });
  await client.table("sys_user_group").create({ name: "Zebra Past", active: "false" });
  const names = async (inactive: boolean): Promise<string[]> =>
    (await groups(client).find("zebra", { inactive })).map(({ name }) => name);
  expect(await names(false)).toEqual(["Zebra Watch"]);
  expect(await names(true)).toEqual(["Zebra Past", "Zebra Watch"]);
  expect(await groups(client).resolve("Zebra Watch")).toMatchObject({ active: "true" });
});

it("an article tells its files", async () => {
  const client = as();
  const article = present(await client.table("kb_knowledge").first({ query: "workflow_state=published" }));
  const target = { table: "kb_knowledge", record: present(article.sys_id) };
  const file = await attachments(client).upload(target, { name: "plan.txt", content: "text" });
  const { attachments: files } = await knowledge(client).get(present(article.sys_id));
  expect(files).toContainEqual({
    sys_id: file.sys_id,
    fileName: "plan.txt",
    sizeBytes: expect.anything() as string,
  });
});

it("a change names the conditions of its model that do not hold yet", async () => {
  const way = { from_state: "-5", to_state: "-4", transition_available: false };
  const conditions = [
    { passed: true, condition: { name: "It has a description" } },
    { passed: false, condition: { name: "It has a group" } },
  ];
  const transport = stubTransport(() => ({
    json: {
      result: {
        available_states: ["-5", "-4"],
        state_label: { "-5": "New", "-4": "Assess" },
        state_transitions: [[{ ...way, conditions }]],
      },
    },
  }));
  const api = changes(stubClient(transport).client);
  const id = "a".repeat(32);
  const { states } = await api.nextStates(id);
  expect(states.find(({ value }) => value === "-4")).toMatchObject({ unmet: ["It has a group"] });
  expect((await failureOf(api.moveTo(id, "Assess"))).message).toMatch(/do not hold yet: It has a group/);
  expect(transport.requests.every(({ method }) => method === "GET")).toBe(true);
});

it("a client is closed by the end of its block", async () => {
  const outer = as();
  {
    await using client = outer.with({});
    await client.table("incident").first({ fields: ["sys_id"] });
  }
  expect(await failureOf(outer.table("incident").first())).toMatchObject({ kind: "usage" });
});
