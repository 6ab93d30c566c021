import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { changeRelations } from "../common/change-relations";
import { atMost } from "../common/input";
import { resolveChange } from "../common/resolve";

export default defineAction({
  key: "servicenow-get-change-relations",
  name: "Get Change Relations",
  description:
    "Returns what is related to a change request: incidents that it fixes, incidents that it caused, problems that it solves, and outages that were recorded for it. Its tasks, approvals and items: **List Approvals**, **List Affected CIs**. Example: `changeRequest` = `CHG0030001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    changeRequest: { propDefinition: [servicenow, "changeRequest"] },
    maximum: { propDefinition: [servicenow, "maximum"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const { sys_id: id, number } = await resolveChange(client, this.changeRequest);
    const found = await changeRelations(client, id, atMost(this.maximum, 100));
    const told = Object.entries(found).map(([name, rows]) => `${rows.length} ${name.replaceAll("_", " ")}`);
    $.export("$summary", `Change ${number} is related to ${told.join(", ")}`);
    return found;
  },
});
