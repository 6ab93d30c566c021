import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resolveReference } from "../common/resolve";
import { catalogOf, checkoutItems, orderResult } from "../common/catalog";

export default defineAction({
  key: "servicenow-checkout-order-guide",
  name: "Checkout Order Guide",
  description:
    'Orders items of an order guide, or puts them into the cart, as the guide is made; the summary says which. The items come from **Submit Order Guide**. Example: `catalogItemSysId` = `04b7e94b4f7b42000086eeed18110c7f`, `items` = `[{"sys_id": "1c741bd70b2322007518478d83673af3", "quantity": 1}]`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)',
  version: "0.2.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    catalogItemSysId: { propDefinition: [servicenow, "guideSysId"] },
    items: { propDefinition: [servicenow, "guideItems"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const items = checkoutItems(this.items);
    const id = await resolveReference(client, "catalogItem", this.catalogItemSysId, "Order Guide");
    const checkout = await catalogOf(client).checkoutGuide(id, items);
    $.export(
      "$summary",
      checkout.ordered
        ? `Placed order ${checkout.request.number}`
        : "Added the items to the cart; run Submit Cart Order to place the order",
    );
    return checkout.ordered ? orderResult(checkout.request) : checkout.cart.content;
  },
});
