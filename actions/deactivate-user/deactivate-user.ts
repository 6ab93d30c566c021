import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { furtherValues } from "../common/record-values";
import { resolveReference } from "../common/resolve";
import { fixedFields } from "../common/fixed-fields";
import { report } from "../common/report";
import { writeRecord } from "../common/write";
import { recordName } from "../common/text";
import { USER_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-deactivate-user",
  name: "Deactivate User",
  description:
    'Takes a user out of use: no more sign-in, no more assignment; records keep the name. Example: `user` = `beth.anglin`. To undo it use **Update User** with `otherFields` = `{"active": "true"}`. Groups are left with **Remove Group Member**. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    user: { propDefinition: [servicenow, "user"] },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "sys_user" })] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "sys_user", this.fieldNames);
  },
  async run({ $ }) {
    const values = fixedFields(this, { active: ["Deactivate User", "false"] }, "Update User");
    const client = this.servicenow.client($);
    const id = await resolveReference(client, "user", this.user, "User");
    const { record: user, warnings } = await writeRecord(
      client,
      id,
      {
        table: "sys_user",
        values,
        props: {},
        free: Object.keys(furtherValues(this)),
        summaryFields: USER_FIELDS,
      },
      ["active"],
    );
    report($, `Deactivated user ${recordName(user, id)}`, warnings);
    return user;
  },
});
