import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { resolveRecord } from "../common/resolve";

export default defineAction({
  key: "servicenow-add-comment",
  name: "Add Comment",
  description:
    "Adds a comment to a task of any kind: incident, problem, change, request item, case. It is seen by the caller and everybody who may read the record; for the other kind use **Add Work Note**. Nothing is sent twice when an answer is lost. Example: `task` = `INC0010023`, `comment` = `Called back, no answer`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    task: { propDefinition: [servicenow, "task"] },
    comment: { propDefinition: [servicenow, "comment"], optional: false },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const text = requiredText(this.comment, "Comment");
    const task = await resolveRecord(client, "task", this.task, "Task", ["sys_class_name"]);
    const table = task.sys_class_name || "task";
    await client.table(table).update(task.sys_id, { comments: text }, { fields: ["sys_id"] });
    $.export("$summary", `Added a comment to ${task.number}`);
    return { sys_id: task.sys_id, number: task.number, table, comments: text };
  },
});
