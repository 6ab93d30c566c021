import { attachments, catalog, knowledge, users } from "../../../common";
import { useInstance } from "./support";

const { as } = useInstance();

it("a user is deactivated, not deleted", async () => {
  const client = as();
  const made = await client
    .table("sys_user")
    .create({ user_name: "leaving.soon", first_name: "Leaving", last_name: "Soon" });
  await users(client).deactivate(made.sys_id!);
  expect(await client.table("sys_user").get(made.sys_id!, { fields: ["user_name", "active"] })).toMatchObject(
    {
      user_name: "leaving.soon",
      active: "false",
    },
  );
});

it("attributes kept with a file are read by name", async () => {
  const client = as();
  const incident = await client.table("incident").create({ short_description: "With a file" });
  const file = await attachments(client).upload(
    { table: "incident", record: incident.sys_id! },
    { name: "a.txt", content: "text", contentType: "text/plain" },
  );
  await client.request({
    method: "POST",
    path: `/api/now/attachment/${file.sys_id}/attributes`,
    body: { origin: "scanner" },
    doing: "keep an attribute",
  });
  expect(JSON.stringify(await attachments(client).attributes(file.sys_id))).toContain("scanner");
});

it("a file of an article comes byte by byte", async () => {
  const client = as();
  const article = (await client.table("kb_knowledge").first({ query: "workflow_state=published" }))!;
  const file = await attachments(client).upload(
    { table: "kb_knowledge", record: article.sys_id! },
    {
      name: "guide.bin",
      content: new Uint8Array([0, 255, 10, 13, 200]),
      contentType: "application/octet-stream",
    },
  );
  const back = await knowledge(client).attachment(article.sys_id!, file.sys_id);
  expect([...new Uint8Array(await new Response(back.body).arrayBuffer())]).toEqual([0, 255, 10, 13, 200]);
});

it("a wish list shows what was put on it", async () => {
  const client = as();
  const [item] = await catalog(client).items({ max: 1 });
  await client.request({
    method: "POST",
    path: `/api/sn_sc/servicecatalog/items/${item!.sys_id}/add_to_wishlist`,
    body: { sysparm_quantity: "1" },
    doing: "put an item on the wish list",
  });
  expect(JSON.stringify(await catalog(client).wishlist())).toContain(item!.sys_id);
});
