import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { groupAndUser } from "../common/resolve";
import { groups } from "../../common/apis/user/user";

export default defineAction({
  key: "servicenow-remove-group-member",
  name: "Remove Group Member",
  description:
    "Takes a person out of a group; the person stays a user. The opposite is **Add Group Member**. Example: `group` = `Service Desk`, `user` = `beth.anglin`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    group: { propDefinition: [servicenow, "group"] },
    user: { propDefinition: [servicenow, "user"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const { group, user } = await groupAndUser(client, this);
    const who = requiredText(this.user, "User");
    const changed = await groups(client).removeMember(group, user);
    $.export(
      "$summary",
      changed ? `Removed ${who} from ${requiredText(this.group, "Group")}` : `${who} was not in the group`,
    );
    return { group, user, changed };
  },
});
