import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject, requiredText } from "../common/input";
import { optionalReference } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { createRecord, given } from "../common/write";
import { recordName } from "../common/text";
import { fieldProps, fieldValues } from "../common/field-props";

export default defineAction({
  key: "servicenow-create-problem",
  name: "Create Problem",
  description:
    "Creates a problem, the cause behind one or more incidents, and returns its number and `sys_id`. Attach incidents with **Update Incident** (`problem_id`). Example: `shortDescription` = `Mail server drops connections`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "problem", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const values = given({
      short_description: requiredText(this.shortDescription, "Short Description"),
      description: this.description,
      urgency: this.urgency,
      impact: this.impact,
      assigned_to: await optionalReference(client, "user", this.assignedTo, "Assigned To"),
      assignment_group: await optionalReference(client, "group", this.assignmentGroup, "Assignment Group"),
      cmdb_ci: await optionalReference(
        client,
        "configurationItem",
        this.configurationItem,
        "Configuration Item",
      ),
      ...fieldValues(this),
      ...optionalObject(this.otherFields, "Other Fields"),
    });
    const { record, existed } = await createRecord(
      client,
      { table: "problem", values, props: this, telling: TASK_FIELDS },
      this.correlationId,
    );
    $.export(
      "$summary",
      `${existed ? "Found the problem created before" : "Created problem"} ${recordName(record)}`,
    );
    return record;
  },
});
