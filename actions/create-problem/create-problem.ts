import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText } from "../common/input";
import { createFromProps } from "../common/record-steps";
import { report } from "../common/report";
import { TASK_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-create-problem",
  name: "Create Problem",
  description:
    'Creates a problem, the cause behind one or more incidents, and returns its number and `sys_id`. Tie incidents to it with **Update Incident**: `otherFields` = `{"problem_id": "…"}` with the `sys_id` that this returns. Example: `shortDescription` = `Mail server drops connections`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    shortDescription: { propDefinition: [servicenow, "shortDescription"], optional: false },
    description: { propDefinition: [servicenow, "description"] },
    urgency: { propDefinition: [servicenow, "urgency"] },
    impact: { propDefinition: [servicenow, "impact"] },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    configurationItem: { propDefinition: [servicenow, "configurationItem"], optional: true },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "problem" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "problem" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "problem", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    requiredText(this.shortDescription, "Short Description", "Mail server drops connections");
    const { record, summary, warnings } = await createFromProps(client, this, {
      table: "problem",
      recordType: "problem",
      summaryFields: TASK_FIELDS,
    });
    report($, summary, warnings);
    return record;
  },
});
