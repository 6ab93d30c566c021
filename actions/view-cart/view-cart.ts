import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { count } from "../common/text";
import { catalog } from "../../common/apis/catalog/catalog";

export default defineAction({
  key: "servicenow-view-cart",
  name: "View Cart",
  description:
    "Returns the cart of the connected account. Change it with **Update Cart Item** and **Delete Cart Item**, order it with **Submit Cart Order**. Needs no input; for example use it after **Add Item to Cart**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
  },
  async run({ $ }) {
    const cart = await catalog(this.servicenow.client($)).cart();
    $.export("$summary", `Retrieved cart with ${count(cart.items.length, "item")}`);
    return cart.content;
  },
});
