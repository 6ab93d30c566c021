import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { groupAndUser } from "../common/resolve";
import { groups } from "../../common/apis/user/user";

export default defineAction({
  key: "servicenow-add-group-member",
  name: "Add Group Member",
  description:
    "Puts a person into a group; somebody who is in it already stays in it once. The opposite is **Remove Group Member**. Example: `group` = `Service Desk`, `user` = `beth.anglin`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    group: { propDefinition: [servicenow, "group"] },
    user: { propDefinition: [servicenow, "user"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const { group, user } = await groupAndUser(client, this);
    const who = requiredText(this.user, "User");
    const changed = await groups(client).addMember(group, user);
    $.export(
      "$summary",
      changed ? `Added ${who} to ${requiredText(this.group, "Group")}` : `${who} was in the group already`,
    );
    return { group, user, changed };
  },
});
