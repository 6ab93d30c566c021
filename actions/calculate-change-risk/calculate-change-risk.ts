import servicenow from "../../apps/servicenow.app";
import { changes } from "../../common/apis/change/change";
import { defineAction } from "../../components";
import { resolveChange } from "../common/resolve";

export default defineAction({
  key: "servicenow-calculate-change-risk",
  name: "Calculate Change Risk",
  description:
    "Has ServiceNow calculate the risk of a change request by its risk conditions, stores it in the change and returns it with the impact. Reading alone: **Get Change States**. Example: `changeRequest` = `CHG0030001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    changeRequest: { propDefinition: [servicenow, "changeRequest"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const { sys_id: id, number } = await resolveChange(client, this.changeRequest);
    await changes(client).computeRisk(id);
    const { values, labels } = await changes(client).get(id);
    const level = (column: string) => ({ value: values[column] ?? null, label: labels[column] ?? null });
    $.export("$summary", `The risk of change ${number} is ${labels.risk ?? String(values.risk)}`);
    return { number, risk: level("risk"), impact: level("impact") };
  },
});
