import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resolveReference } from "../common/resolve";
import { count } from "../common/text";
import { catalog } from "../../common/apis/catalog/catalog";
import { describeVariable } from "../common/catalog";

export default defineAction({
  key: "servicenow-get-catalog-item-variables",
  name: "Get Catalog Item Variables",
  description:
    "Returns the questions of a catalog item, order guide or record producer: name, label, type, whether they are mandatory, defaults, and where valid answers come from. Read them before **Order Catalog Item**, **Add Item to Cart** or **Submit Record Producer**. Example: `catalogItemSysId` = `04b7e94b4f7b42000086eeed18110c7f`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    catalogItemSysId: { propDefinition: [servicenow, "catalogItemSysId"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const id = await resolveReference(client, "catalogItem", this.catalogItemSysId, "Catalog Item");
    const variables = (await catalog(client).variables(id)).map(describeVariable);
    $.export("$summary", `Retrieved ${count(variables.length, "variable")} for catalog item ${id}`);
    return variables;
  },
});
