import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject } from "../common/input";
import { resolveReference, optionalReference } from "../common/resolve";
import { updateRecord, given, somethingToWrite } from "../common/write";
import { recordName } from "../common/text";
import { GROUP_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-update-group",
  name: "Update Group",
  description:
    "Changes fields of a group; what is not given stays. Members come and go with **Add Group Member** and **Remove Group Member**. Example: `group` = `Service Desk`, `manager` = `beth.anglin`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
    const values = somethingToWrite(
      given({
        name: this.name,
        description: this.description,
        email: this.email,
        manager: await optionalReference(client, "user", this.manager, "Manager"),
        ...optionalObject(this.otherFields, "Other Fields"),
      }),
    );
    const id = await resolveReference(client, "group", this.group, "Group");
    const record = await updateRecord(client, id, {
      table: "sys_user_group",
      values,
      props: {},
      telling: GROUP_FIELDS,
    });
    $.export("$summary", `Updated group ${recordName(record, id)}`);
    return record;
  },
});
