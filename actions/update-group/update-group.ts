import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { updateFromProps } from "../common/record-steps";
import { resolveReference } from "../common/resolve";
import { refuseDuplicateName } from "../common/duplicate-name";
import { report } from "../common/report";
import { GROUP_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-update-group",
  name: "Update Group",
  description:
    "Changes fields of a group; what is not given stays. Members come and go with **Add Group Member** and **Remove Group Member**. Example: `group` = `Service Desk`, `manager` = `beth.anglin`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    group: { propDefinition: [servicenow, "group"] },
    name: {
      type: "string",
      label: "New Name",
      description: "The new name, such as `Night Shift`.",
      optional: true,
    },
    description: { propDefinition: [servicenow, "groupPurpose"] },
    manager: { propDefinition: [servicenow, "manager"] },
    email: { propDefinition: [servicenow, "groupEmail"] },
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
    const id = await resolveReference(client, "group", this.group, "Group");
    await refuseDuplicateName(client, "sys_user_group", this, "New Name", id);
    const { record, summary, warnings } = await updateFromProps(client, id, this, {
      table: "sys_user_group",
      recordType: "group",
      summaryFields: GROUP_FIELDS,
    });
    report($, summary, warnings);
    return record;
  },
});
