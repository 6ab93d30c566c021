import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredObject } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { updateRequestVariables } from "../../common/apis/catalog/request-variables";

export default defineAction({
  key: "servicenow-update-requested-item-variables",
  name: "Update Requested Item Variables",
  description:
    'Changes answers of a requested item by name; a choice may be given by its label. Unknown names are listed and nothing is written then. The names come from **Get Requested Item Variables**. Example: `requestedItem` = `RITM0010001`, `variables` = `{"memory": "32"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    requestedItem: { propDefinition: [servicenow, "requestedItem"] },
    variables: { propDefinition: [servicenow, "variables"], optional: false },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const values = requiredObject(this.variables, "Variables");
    const item = await resolveRecord(client, "sc_req_item", this.requestedItem, "Requested Item");
    const changed = await updateRequestVariables(client, item.sys_id, values as never);
    $.export(
      "$summary",
      changed.length > 0
        ? `Changed ${changed.join(", ")} of ${item.number}`
        : `${item.number} had these values already`,
    );
    return { sys_id: item.sys_id, number: item.number, changed };
  },
});
