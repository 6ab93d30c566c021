import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject, requiredText, wrongInput } from "../common/input";
import { optionalReference } from "../common/resolve";
import { createRecord, given } from "../common/write";
import { equals } from "../common/query";
import { GROUP_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-create-group",
  name: "Create Group",
  description:
    "Creates a group. Fails when a group of this name exists, and changes nothing then. Fill it with **Add Group Member**. Example: `name` = `Night Shift`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
    description: {
      type: "string",
      label: "Description",
      description: "What the group is for.",
      optional: true,
    },
    manager: {
      type: "string",
      label: "Manager",
      description: "The manager: user name, e-mail, full name or `sys_id`, such as `beth.anglin`.",
      optional: true,
    },
    email: {
      type: "string",
      label: "Group Email",
      description: "The group's own e-mail address, such as `service-desk@example.com`.",
      optional: true,
    },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const name = requiredText(this.name, "Name", "Night Shift");
    const taken = await client.table("sys_user_group").first({ query: equals({ name }), fields: ["sys_id"] });
    if (taken) throw wrongInput(`Name: there is a group "${name}" already (${taken.sys_id}).`);
    const values = given({
      name,
      description: this.description,
      email: this.email,
      manager: await optionalReference(client, "user", this.manager, "Manager"),
      ...optionalObject(this.otherFields, "Other Fields"),
    });
    const { record } = await createRecord(client, {
      table: "sys_user_group",
      values,
      props: {},
      telling: GROUP_FIELDS,
    });
    $.export("$summary", `Created group ${name}`);
    return record;
  },
});
