import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText } from "../common/input";
import { optionalReference } from "../common/resolve";
import { createFromProps } from "../common/record-steps";
import { report } from "../common/report";
import { TASK_FIELDS } from "../common/results";
import { given } from "../common/given-values";

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
      description: "The customer's account: its exact name, its number or its `sys_id`, such as `Boxeo`.",
      optional: true,
    },
    contact: {
      type: "string",
      label: "Contact",
      description: "The person who asks: full name, e-mail or `sys_id`, such as `geo.rivera@example.com`.",
      optional: true,
    },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "sn_customerservice_case" })] },
    resultFields: {
      propDefinition: [servicenow, "resultFields", () => ({ table: "sn_customerservice_case" })],
    },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "sn_customerservice_case", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    requiredText(this.shortDescription, "Short Description", "Invoice is wrong");
    const { record, summary, warnings } = await createFromProps(client, this, {
      table: "sn_customerservice_case",
      recordType: "case",
      summaryFields: TASK_FIELDS,
      values: given({
        account: await optionalReference(client, "account", this.account, "Account"),
        contact: await optionalReference(client, "contact", this.contact, "Contact"),
      }),
    });
    report($, summary, warnings);
    return record;
  },
});
