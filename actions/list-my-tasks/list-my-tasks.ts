import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, isTrue } from "../common/input";
import { resultOptions, TASK_FIELDS } from "../common/results";
import { listSummary } from "../common/lists";
import { requireCurrentUser } from "../common/me";
import { myTasks } from "../common/my-tasks";

export default defineAction({
  key: "servicenow-list-my-tasks",
  name: "List My Tasks",
  description:
    "Returns active tasks of every kind assigned to the connected account or, if asked for, to its groups, by priority. Only incidents: **List My Incidents**. Example: `includeGroups` = `true`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    includeGroups: {
      type: "boolean",
      label: "Include Groups",
      description: "Also tasks that nobody works on yet, of the groups that the account belongs to.",
      optional: true,
    },
    maximum: { propDefinition: [servicenow, "maximum"] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "task" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const me = await requireCurrentUser(client);
    const list = await client.table("task").list({
      ...resultOptions(this, TASK_FIELDS),
      query: await myTasks(client, me.sysId, isTrue(this.includeGroups)),
      orderBy: ["priority", "-sys_updated_on"],
      max: atMost(this.maximum, 100),
    });
    $.export("$summary", listSummary(list, "task", `those of ${me.name}`, this.resultFields));
    return list.rows;
  },
});
