import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost } from "../common/input";
import { moreExist } from "../common/lists";
import { resolveReference } from "../common/resolve";
import { count } from "../common/text";
import { uiPolicyActions } from "../common/catalog-policies";

export default defineAction({
  key: "servicenow-get-catalog-ui-policies",
  name: "Get Catalog UI Policies",
  description:
    "Returns the rules of a catalog item's form, those of its variable sets included: which question becomes mandatory, visible or read-only under which condition. The questions themselves: **Get Catalog Item Variables**. Example: `catalogItemSysId` = `04b7e94b4f7b42000086eeed18110c7f`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.2.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    catalogItemSysId: { propDefinition: [servicenow, "catalogItemSysId"] },
    limit: { propDefinition: [servicenow, "limit"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const id = await resolveReference(client, "catalogItem", this.catalogItemSysId, "Catalog Item");
    const { actions, more } = await uiPolicyActions(client, id, atMost(this.limit, 1000, "Limit"));
    $.export(
      "$summary",
      `Retrieved ${count(actions.length, "catalog UI policy action")} for ${id}${moreExist(more)}`,
    );
    return actions;
  },
});
