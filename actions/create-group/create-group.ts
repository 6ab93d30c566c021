import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText } from "../common/input";
import { createFromProps } from "../common/record-steps";
import { refuseDuplicateName } from "../common/duplicate-name";
import { report } from "../common/report";
import { GROUP_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-create-group",
  name: "Create Group",
  description:
    "Creates a group. Fails when a group of this name exists, and changes nothing then. Fill it with **Add Group Member**. Example: `name` = `Night Shift`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    name: {
      type: "string",
      label: "Name",
      description: "The name of the group, such as `Night Shift`.",
    },
    description: { propDefinition: [servicenow, "groupPurpose"] },
    manager: { propDefinition: [servicenow, "manager"] },
    email: { propDefinition: [servicenow, "groupEmail"] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "sys_user_group" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "sys_user_group" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "sys_user_group", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const name = requiredText(this.name, "Name", "Night Shift");
    await refuseDuplicateName(client, "sys_user_group", this, "Name");
    const { record, summary, warnings } = await createFromProps(client, this, {
      table: "sys_user_group",
      recordType: "group",
      name,
      summaryFields: GROUP_FIELDS,
    });
    report($, summary, warnings);
    return record;
  },
});
