import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resolveReference } from "../common/resolve";
import { catalogOf, orderOptions, orderResult } from "../common/catalog";

export default defineAction({
  key: "servicenow-order-catalog-item",
  name: "Order Catalog Item",
  description:
    'Orders one catalog item at once, for the account itself or for another person, and returns the number of the request. Missing mandatory answers are named and nothing is ordered then; the questions come from **Get Catalog Item Variables**. Several items at a time: **Add Item to Cart**. Example: `sysId` = `04b7e94b4f7b42000086eeed18110c7f`, `variables` = `{"memory": "16"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)',
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    sysId: { propDefinition: [servicenow, "catalogItemSysId"] },
    quantity: { propDefinition: [servicenow, "quantity"] },
    variables: { propDefinition: [servicenow, "variables"] },
    requestedFor: { propDefinition: [servicenow, "requestedFor"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const id = await resolveReference(client, "catalogItem", this.sysId, "Catalog Item");
    const request = await catalogOf(client).orderNow(id, await orderOptions(client, this));
    $.export("$summary", `Placed order ${request.number}`);
    return orderResult(request);
  },
});
