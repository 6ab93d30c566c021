import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText } from "../common/input";
import { createFromProps } from "../common/record-steps";
import { refuseDuplicateName } from "../common/duplicate-name";
import { report } from "../common/report";
import { USER_FIELDS } from "../common/results";
import { given } from "../common/given-values";

export default defineAction({
  key: "servicenow-create-user",
  name: "Create User",
  description:
    "Creates a user. Fails when the user name is taken, and changes nothing then. The user has no password and no roles yet: those come from the instance's sign-in and from groups. Put the person into a group with **Add Group Member**. Example: `userName` = `beth.anglin`, `firstName` = `Beth`, `lastName` = `Anglin`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    userName: { propDefinition: [servicenow, "userName"], optional: false },
    firstName: { propDefinition: [servicenow, "firstName"] },
    lastName: { propDefinition: [servicenow, "lastName"] },
    email: { propDefinition: [servicenow, "email"] },
    title: { propDefinition: [servicenow, "jobTitle"] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
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
    const userName = requiredText(this.userName, "User Name", "beth.anglin");
    await refuseDuplicateName(client, "sys_user", this, "User Name");
    const { record, summary, warnings } = await createFromProps(client, this, {
      table: "sys_user",
      recordType: "user",
      name: userName,
      summaryFields: USER_FIELDS,
      values: given({ title: this.title }),
    });
    report($, summary, warnings);
    return record;
  },
});
