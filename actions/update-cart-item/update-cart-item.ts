import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, sysId } from "../common/input";
import { catalog } from "../../common/apis/catalog";
import { answersOf } from "../common/catalog";

export default defineAction({
  key: "servicenow-update-cart-item",
  name: "Update Cart Item",
  description:
    "Changes quantity or answers of an item in the cart of the connected account. Ids come from **View Cart**. Example: `cartItemId` = `1c741bd70b2322007518478d83673af3`, `quantity` = `2`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    cartItemId: { propDefinition: [servicenow, "cartItemId"] },
    quantity: { propDefinition: [servicenow, "quantity"] },
    variables: { propDefinition: [servicenow, "variables"] },
  },
  async run({ $ }) {
    const id = sysId(this.cartItemId, "Cart Item");
    const cart = await catalog(this.servicenow.client($)).updateCartItem(id, {
      quantity: atMost(this.quantity, 1, "Quantity"),
      ...answersOf(this.variables),
    });
    $.export("$summary", `Changed cart item ${id}`);
    return cart.content;
  },
});
