import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { createChange } from "../common/change-requests";
import { fieldProps } from "../common/field-props";
import { requiredText } from "../common/input";

export default defineAction({
  key: "servicenow-create-normal-change",
  name: "Create Normal Change",
  description:
    "Creates a normal change request in its first state and returns its number; use **Create Standard Change** for routine work from a template, **Create Emergency Change** when it cannot wait. Continue with **Move Change**. Example: `shortDescription` = `Replace the load balancer`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    shortDescription: { propDefinition: [servicenow, "shortDescription"], optional: false },
    description: { propDefinition: [servicenow, "description"] },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    configurationItem: { propDefinition: [servicenow, "configurationItem"], optional: true },
    startDate: { propDefinition: [servicenow, "startDate"] },
    endDate: { propDefinition: [servicenow, "endDate"] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "change_request" })] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "change_request", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    requiredText(this.shortDescription, "Short Description", "Replace the load balancer");
    const { change, summary } = await createChange(client, this, { type: "normal" });
    $.export("$summary", summary);
    return change;
  },
});
