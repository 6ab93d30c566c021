import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { rowsWithLabels } from "../common/with-labels";
import { requireCurrentUser } from "../common/me";
import { USER_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-get-current-user",
  name: "Get Current User",
  description:
    "Returns the user record of the connected account, for example to find out who the workflow acts as. Other people: **Find Users**. Needs no input. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const me = await requireCurrentUser(client);
    const { rows } = await rowsWithLabels(
      client,
      "sys_user",
      USER_FIELDS,
      { sys_id: me.sysId },
      { links: false },
    );
    const [user] = rows;
    $.export("$summary", `Retrieved user ${me.name}`);
    return user ?? me;
  },
});
