import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { catalog } from "../../common/apis/catalog/catalog";
import { orderResult, requireItems } from "../common/catalog";

export default defineAction({
  key: "servicenow-checkout-cart",
  name: "Checkout Cart",
  description:
    "Checks out the cart of the connected account. Where the instance has a one-step checkout the order is placed; where it has two, nothing is ordered until **Submit Cart Order** runs, and the summary says so. For example use it after **Add Item to Cart**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
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
    const checkout = await cart.checkout();
    $.export(
      "$summary",
      checkout.ordered
        ? `Placed order ${checkout.request.number}`
        : "Nothing is ordered yet: this instance has a two-step checkout. Run Submit Cart Order to place the order",
    );
    return checkout.ordered ? orderResult(checkout.request) : checkout.cart.content;
  },
});
