import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { sysId } from "../common/input";
import { catalog } from "../../common/apis/catalog/catalog";

export default defineAction({
  key: "servicenow-delete-cart-item",
  name: "Delete Cart Item",
  description:
    "Takes an item out of the cart of the connected account; **Empty Cart** takes all. Ids come from **View Cart**. Example: `cartItemId` = `1c741bd70b2322007518478d83673af3`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    cartItemId: { propDefinition: [servicenow, "cartItemId"] },
  },
  async run({ $ }) {
    const cartItemId = sysId(this.cartItemId, "Cart Item");
    await catalog(this.servicenow.client($)).removeCartItem(cartItemId);
    $.export("$summary", `Removed cart item ${cartItemId}`);
    return { success: true, cartItemId };
  },
});
