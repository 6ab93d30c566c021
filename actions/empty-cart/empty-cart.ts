import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { count } from "../common/text";
import { catalog } from "../../common/apis/catalog/catalog";

export default defineAction({
  key: "servicenow-empty-cart",
  name: "Empty Cart",
  description:
    "Takes everything out of the cart of the connected account, which may need the role `catalog_admin`. A cart with nothing in it stays as it is. For example use it before **Add Item to Cart** to begin again; single items go with **Delete Cart Item**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
  },
  async run({ $ }) {
    const removed = await catalog(this.servicenow.client($)).emptyCart();
    $.export(
      "$summary",
      removed > 0 ? `Emptied the cart of ${count(removed, "item")}` : "The cart was empty already",
    );
    return { success: true, removed };
  },
});
