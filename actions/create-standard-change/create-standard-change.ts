import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { createChange, findTemplate } from "../common/change-requests";
import { fieldProps } from "../common/field-props";
import { requiredText } from "../common/input";

export default defineAction({
  key: "servicenow-create-standard-change",
  name: "Create Standard Change",
  description:
    "Creates a standard change request from a template of the instance, which brings its text and its approval. Everything else is a **Create Normal Change**. Example: `template` = `Add network switch to datacenter cabinet`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    template: { propDefinition: [servicenow, "changeTemplate"] },
    shortDescription: { propDefinition: [servicenow, "shortDescription"] },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
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
    const template = await findTemplate(client, requiredText(this.template, "Template"));
    const { change, summary } = await createChange(client, this, { type: "standard", template });
    $.export("$summary", summary);
    return change;
  },
});
