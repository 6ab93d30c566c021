import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { count } from "../common/text";
import { catalog } from "../../common/apis/catalog/catalog";

export default defineAction({
  key: "servicenow-get-wishlist",
  name: "Get Wishlist",
  description:
    "Returns the items on the wish list of the connected account. To order one of them use **Order Catalog Item**, for example after asking the person. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
  },
  async run({ $ }) {
    const list = await catalog(this.servicenow.client($)).wishlist();
    $.export("$summary", `Retrieved wish list with ${count(list.items.length, "item")}`);
    return list.items;
  },
});
