import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject, requiredText, sysId } from "../common/input";
import { optionalReference } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { createRecord, given } from "../common/write";
import { recordName } from "../common/text";
import { fieldProps, fieldValues } from "../common/field-props";

export default defineAction({
  key: "servicenow-create-case",
  name: "Create Case",
  description:
    'Creates a customer service case and returns its number and `sys_id`. Needs the Customer Service plugin. Example: `shortDescription` = `Invoice is wrong`, `otherFields` = `{"priority": "2"}`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    shortDescription: { propDefinition: [servicenow, "shortDescription"], optional: false },
    description: { propDefinition: [servicenow, "description"] },
    account: {
      type: "string",
      label: "Account",
      description: "The `sys_id` of the customer's account.",
      optional: true,
    },
    contact: {
      type: "string",
      label: "Contact",
      description: "The `sys_id` of the contact.",
      optional: true,
    },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "sn_customerservice_case" })] },
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "sn_customerservice_case", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const values = given({
      short_description: requiredText(this.shortDescription, "Short Description"),
      description: this.description,
      account: this.account && sysId(this.account, "Account"),
      contact: this.contact && sysId(this.contact, "Contact"),
      assigned_to: await optionalReference(client, "user", this.assignedTo, "Assigned To"),
      assignment_group: await optionalReference(client, "group", this.assignmentGroup, "Assignment Group"),
      ...fieldValues(this),
      ...optionalObject(this.otherFields, "Other Fields"),
    });
    const { record, existed } = await createRecord(
      client,
      { table: "sn_customerservice_case", values, props: this, telling: TASK_FIELDS },
      this.correlationId,
    );
    $.export(
      "$summary",
      `${existed ? "Found the case created before" : "Created case"} ${recordName(record)}`,
    );
    return record;
  },
});
