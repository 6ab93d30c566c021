import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { resolveRecord } from "../common/resolve";
import { count } from "../common/text";
import { readRequestVariables } from "../../common/apis/catalog/request-variables";

export default defineAction({
  key: "servicenow-get-requested-item-variables",
  name: "Get Requested Item Variables",
  description:
    "Returns the answers that were given when an item was ordered, by name, with value and label, those of variable sets included. Change them with **Update Requested Item Variables**. Example: `requestedItem` = `RITM0010001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    requestedItem: { propDefinition: [servicenow, "requestedItem"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const item = await resolveRecord(client, "sc_req_item", this.requestedItem, "Requested Item");
    const answers = await readRequestVariables(client, item.sys_id);
    $.export("$summary", `Retrieved ${count(answers.variables.length, "variable")} of ${item.number}`);
    return answers;
  },
});
