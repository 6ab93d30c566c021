import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject, requiredText, wrongInput } from "../common/input";
import { createRecord, given } from "../common/write";
import { equals } from "../common/query";
import { USER_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-create-user",
  name: "Create User",
  description:
    "Creates a user. Fails when the user name is taken, and changes nothing then. Put the person into a group with **Add Group Member**. Example: `userName` = `beth.anglin`, `firstName` = `Beth`, `lastName` = `Anglin`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    userName: {
      type: "string",
      label: "User Name",
      description: "What the person signs in with, such as `beth.anglin`.",
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
    const userName = requiredText(this.userName, "User Name", "beth.anglin");
    const taken = await client
      .table("sys_user")
      .first({ query: equals({ user_name: userName }), fields: ["sys_id"] });
    if (taken) throw wrongInput(`User Name: "${userName}" belongs to a user already (${taken.sys_id}).`);
    const values = given({
      user_name: userName,
      first_name: this.firstName,
      last_name: this.lastName,
      email: this.email,
      title: this.title,
      ...optionalObject(this.otherFields, "Other Fields"),
    });
    const { record } = await createRecord(client, {
      table: "sys_user",
      values,
      props: {},
      telling: USER_FIELDS,
    });
    $.export("$summary", `Created user ${userName}`);
    return record;
  },
});
