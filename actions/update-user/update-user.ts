import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject } from "../common/input";
import { resolveReference } from "../common/resolve";
import { updateRecord, given, somethingToWrite } from "../common/write";
import { recordName } from "../common/text";
import { USER_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-update-user",
  name: "Update User",
  description:
    "Changes fields of a user, found by user name, e-mail, full name or `sys_id`; what is not given stays. To lock somebody out use **Deactivate User**. Example: `user` = `beth.anglin`, `title` = `Team Lead`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    user: { propDefinition: [servicenow, "user"] },
    userName: {
      type: "string",
      label: "User Name",
      description: "What the person signs in with, such as `beth.anglin`.",
      optional: true,
    },
    firstName: {
      type: "string",
      label: "First Name",
      description: "The first name, such as `Beth`.",
      optional: true,
    },
    lastName: {
      type: "string",
      label: "Last Name",
      description: "The last name, such as `Anglin`.",
      optional: true,
    },
    email: {
      type: "string",
      label: "Email",
      description: "The e-mail address, such as `beth.anglin@example.com`.",
      optional: true,
    },
    title: {
      type: "string",
      label: "Title",
      description: "The job title, such as `IT Technician`.",
      optional: true,
    },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const values = somethingToWrite(
      given({
        user_name: this.userName,
        first_name: this.firstName,
        last_name: this.lastName,
        email: this.email,
        title: this.title,
        ...optionalObject(this.otherFields, "Other Fields"),
      }),
    );
    const id = await resolveReference(client, "user", this.user, "User");
    const record = await updateRecord(client, id, {
      table: "sys_user",
      values,
      props: {},
      telling: USER_FIELDS,
    });
    $.export("$summary", `Updated user ${recordName(record, id)}`);
    return record;
  },
});
