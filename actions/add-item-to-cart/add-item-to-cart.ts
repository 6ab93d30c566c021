import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resolveReference } from "../common/resolve";
import { count } from "../common/text";
import { catalogOf, orderOptions } from "../common/catalog";

export default defineAction({
  key: "servicenow-add-item-to-cart",
  name: "Add Item to Cart",
  description:
    'Puts a catalog item into the cart of the connected account. Missing mandatory answers are named and nothing is added then. See the cart with **View Cart**, order it with **Submit Cart Order**. Example: `catalogItemSysId` = `04b7e94b4f7b42000086eeed18110c7f`, `variables` = `{"memory": "16"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)',
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    catalogItemSysId: { propDefinition: [servicenow, "catalogItemSysId"] },
    quantity: { propDefinition: [servicenow, "quantity"] },
    variables: { propDefinition: [servicenow, "variables"] },
    requestedFor: { propDefinition: [servicenow, "requestedFor"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const id = await resolveReference(client, "catalogItem", this.catalogItemSysId, "Catalog Item");
    const cart = await catalogOf(client).addToCart(id, await orderOptions(client, this));
    $.export(
      "$summary",
      `Added catalog item ${id} to the cart, which has ${count(cart.items.length, "item")} now`,
    );
    return cart.content;
  },
});
