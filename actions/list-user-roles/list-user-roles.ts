import servicenow from "../../apps/servicenow.app";
import { requiredText } from "../common/input";
import { defineAction } from "../../components";
import { resolveReference } from "../common/resolve";
import { count } from "../common/text";
import { users } from "../../common/apis/user/user";

export default defineAction({
  key: "servicenow-list-user-roles",
  name: "List User Roles",
  description:
    "Returns the roles of a user, those inherited from groups and other roles included. Reading them needs rights that not every account has. Example: `user` = `beth.anglin`. Who the person is: **Find Users**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=user-role-inheritance-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    user: { propDefinition: [servicenow, "user"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const id = await resolveReference(client, "user", this.user, "User");
    const found = await users(client).roles(id);
    const { source } = found;
    // The inheritance comes as paths (`/itil/sn_incident_write`); the last step is the role.
    const roles = [...new Set(found.roles.map((path) => path.split("/").at(-1) ?? path))].sort();
    const warning = source === "table" && roles.length === 0 ? ", or they are not open to this account" : "";
    $.export(
      "$summary",
      `User ${requiredText(this.user, "User")} has ${count(roles.length, "role")}${warning}`,
    );
    return roles;
  },
});
