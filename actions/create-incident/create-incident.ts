import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { INCIDENT_FIELDS } from "../common/incidents";
import { requiredText } from "../common/input";
import { createFromProps } from "../common/record-steps";
import { report } from "../common/report";

export default defineAction({
  key: "servicenow-create-incident",
  name: "Create Incident",
  description:
    "Creates an incident and returns its number and `sys_id`. Use it to report a problem of a person or a system; for other tables use **Create Table Record**. People and groups may be given by name when exactly one fits. With **Correlation ID** the step is safe to repeat. Example: `shortDescription` = `Cannot log in`, `callerId` = `abel.tuter`, `urgency` = `2`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    shortDescription: { propDefinition: [servicenow, "shortDescription"], optional: false },
    callerId: {
      propDefinition: [servicenow, "user"],
      label: "Caller",
      optional: true,
      description: "Who reports it: user name, e-mail, full name or `sys_id`, such as `abel.tuter`.",
    },
    description: { propDefinition: [servicenow, "description"] },
    urgency: { propDefinition: [servicenow, "urgency"] },
    impact: { propDefinition: [servicenow, "impact"] },
    category: { propDefinition: [servicenow, "category"] },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    configurationItem: { propDefinition: [servicenow, "configurationItem"], optional: true },
    comment: { propDefinition: [servicenow, "comment"] },
    workNote: { propDefinition: [servicenow, "workNote"] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "incident" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "incident" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "incident", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    requiredText(this.shortDescription, "Short Description", "Cannot log in");
    const { record, summary, warnings } = await createFromProps(client, this, {
      table: "incident",
      recordType: "incident",
      summaryFields: INCIDENT_FIELDS,
    });
    report($, summary, warnings);
    return record;
  },
});
