import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { changes } from "../../common/apis/change";
import { changeResult, changeValues } from "../common/changes";

export default defineAction({
  key: "servicenow-create-normal-change",
  name: "Create Normal Change",
  description:
    "Creates a normal change request in its first state and returns its number; use **Create Standard Change** for routine work from a template, **Create Emergency Change** when it cannot wait. Continue with **Move Change**. Example: `shortDescription` = `Replace the load balancer`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
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
    otherFields: { propDefinition: [servicenow, "otherFields"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    requiredText(this.shortDescription, "Short Description");
    const change = await changes(client).create({ type: "normal" }, await changeValues(client, this));
    $.export("$summary", `Created normal change ${change.number}`);
    return changeResult(change);
  },
});
