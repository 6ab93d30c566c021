import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { updateFromProps } from "../common/record-steps";
import { resolveReference } from "../common/resolve";
import { refuseDuplicateName } from "../common/duplicate-name";
import { report } from "../common/report";
import { USER_FIELDS } from "../common/results";
import { given } from "../common/given-values";

export default defineAction({
  key: "servicenow-update-user",
  name: "Update User",
  description:
    "Changes fields of a user, found by user name, e-mail, full name or `sys_id`; what is not given stays. To lock somebody out use **Deactivate User**. Example: `user` = `beth.anglin`, `title` = `Team Lead`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    user: { propDefinition: [servicenow, "user"] },
    userName: { propDefinition: [servicenow, "userName"] },
    firstName: { propDefinition: [servicenow, "firstName"] },
    lastName: { propDefinition: [servicenow, "lastName"] },
    email: { propDefinition: [servicenow, "email"] },
    title: { propDefinition: [servicenow, "jobTitle"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "sys_user" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "sys_user" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "sys_user", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const id = await resolveReference(client, "user", this.user, "User");
    await refuseDuplicateName(client, "sys_user", this, "User Name", id);
    const { record, summary, warnings } = await updateFromProps(client, id, this, {
      table: "sys_user",
      recordType: "user",
      summaryFields: USER_FIELDS,
      values: given({ title: this.title }),
    });
    report($, summary, warnings);
    return record;
  },
});
