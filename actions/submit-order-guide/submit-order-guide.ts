import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resolveReference } from "../common/resolve";
import { count } from "../common/text";
import { answersOf, catalogOf, guideItems } from "../common/catalog";

export default defineAction({
  key: "servicenow-submit-order-guide",
  name: "Submit Order Guide",
  description:
    'Finds out which items an order guide chooses for the given answers. Nothing is ordered by this: hand the items to **Checkout Order Guide**. The guide\'s questions come from **Get Catalog Item Variables**. Example: `catalogItemSysId` = `04b7e94b4f7b42000086eeed18110c7f`, `variables` = `{"new_hire": "yes"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)',
  version: "0.2.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    catalogItemSysId: { propDefinition: [servicenow, "guideSysId"] },
    variables: { propDefinition: [servicenow, "variables"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const id = await resolveReference(client, "catalogItem", this.catalogItemSysId, "Order Guide");
    const items = await catalogOf(client).submitGuide(id, answersOf(this.variables));
    $.export(
      "$summary",
      `Order guide ${id} chooses ${count(guideItems(items), "item")}; nothing is ordered yet`,
    );
    return items;
  },
});
