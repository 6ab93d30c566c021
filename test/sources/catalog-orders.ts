import type { Writer } from "./platform";

interface Item {
  id: string;
  name: string;
}

/** A catalog request for a person, without items. Its sys_id. */
export async function requestFor(writer: Writer, person: string): Promise<string> {
  const { sys_id = "" } = await writer.create("sc_request", {
    requested_for: await writer.idOf("sys_user", person),
  });
  return sys_id;
}

/** Two items of the demo's catalog. */
export async function catalogItems(writer: Writer): Promise<[Item, Item]> {
  const rows = await writer.rows("sc_cat_item", "active=true^ORDERBYname", ["sys_id", "name"]);
  const [first, second] = rows.map(({ sys_id = "", name = "" }) => ({ id: sys_id, name }));
  if (!first || !second) throw new Error("The demo has fewer than two catalog items.");
  return [first, second];
}
