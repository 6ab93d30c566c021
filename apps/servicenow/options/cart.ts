import type { ServiceNow } from "../../../common";
import { textOf } from "../../../common/table/cells";

interface Line {
  cart_item_id?: unknown;
  item_name?: unknown;
  name?: unknown;
  quantity?: unknown;
}

/** The lines of the account's cart, as `2 × Apple iPad 3`. They stand in groups by how often they are paid for. */
export async function cartLineOptions(client: ServiceNow): Promise<{ label: string; value: string }[]> {
  const { data } = await client.request<{ result?: Record<string, unknown> }>({
    path: "/api/sn_sc/servicecatalog/cart",
    operation: "read the cart",
  });
  const cart = data?.result ?? {};
  const groups = [cart, ...Object.values(cart)].map((group): unknown => Reflect.get(Object(group), "items"));
  return (groups.filter(Array.isArray).flat() as Line[])
    .filter((line) => line.cart_item_id)
    .map((line) => ({
      label: `${textOf(line.quantity ?? 1)} × ${textOf(line.item_name ?? line.name ?? line.cart_item_id)}`,
      value: String(line.cart_item_id),
    }));
}
