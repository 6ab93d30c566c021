import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, requiredText } from "../common/input";
import { moreExist } from "../common/lists";
import { resolveReference } from "../common/resolve";
import { count } from "../common/text";
import { groups } from "../../common/apis/user/user";

export default defineAction({
  key: "servicenow-list-group-members",
  name: "List Group Members",
  description:
    "Returns the direct members of a group, by name. Change them with **Add Group Member** and **Remove Group Member**. Example: `group` = `Service Desk`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    group: { propDefinition: [servicenow, "group"] },
    maximum: { propDefinition: [servicenow, "maximum"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const id = await resolveReference(client, "group", this.group, "Group");
    const all = await groups(client).members(id);
    const members = all.slice(0, atMost(this.maximum, 100));
    $.export(
      "$summary",
      `Retrieved ${count(members.length, "member")} of group ${requiredText(this.group, "Group")}${moreExist(all.length > members.length)}`,
    );
    return members;
  },
});
