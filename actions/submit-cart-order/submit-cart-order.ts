import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { catalog } from "../../common/apis/catalog/catalog";
import { orderResult, requireItems } from "../common/catalog";

export default defineAction({
  key: "servicenow-submit-cart-order",
  name: "Submit Cart Order",
  description:
    "Orders what is in the cart of the connected account and returns the number of the request. Fails when the cart is empty. Fill it with **Add Item to Cart**; follow the order with **Check Order Status**, for example daily. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
  },
  async run({ $ }) {
    const cart = catalog(this.servicenow.client($));
    await requireItems(cart);
    const request = await cart.submitOrder();
    $.export("$summary", `Placed order ${request.number}`);
    return orderResult(request);
  },
});
