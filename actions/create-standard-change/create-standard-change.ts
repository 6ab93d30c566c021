import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { changes } from "../../common/apis/change";
import { changeResult, changeValues, findTemplate } from "../common/changes";

export default defineAction({
  key: "servicenow-create-standard-change",
  name: "Create Standard Change",
  description:
    "Creates a standard change request from a template of the instance, which brings its text and its approval. Everything else is a **Create Normal Change**. Example: `template` = `Add network switch to datacenter cabinet`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
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
    otherFields: { propDefinition: [servicenow, "otherFields"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const template = await findTemplate(client, requiredText(this.template, "Template"));
    const change = await changes(client).create(
      { type: "standard", template },
      await changeValues(client, this),
    );
    $.export("$summary", `Created standard change ${change.number}`);
    return changeResult(change);
  },
});
