import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { given } from "../common/write";
import { changes } from "../../common/apis/change";
import { changeResult, changeValues } from "../common/changes";

export default defineAction({
  key: "servicenow-add-change-task",
  name: "Add Change Task",
  description:
    "Adds a task to a change request, of the kind planning, implementation, testing or review. Example: `changeRequest` = `CHG0030001`, `shortDescription` = `Inform the users`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=change-management-api.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    changeRequest: { propDefinition: [servicenow, "changeRequest"] },
    shortDescription: { propDefinition: [servicenow, "shortDescription"], optional: false },
    description: { propDefinition: [servicenow, "description"] },
    taskType: {
      type: "string",
      label: "Task Type",
      description: "`planning`, `implementation`, `testing` or `review`.",
      optional: true,
      options: ["planning", "implementation", "testing", "review"],
    },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    requiredText(this.shortDescription, "Short Description");
    const { sys_id: id, number } = await resolveRecord(
      client,
      "change_request",
      this.changeRequest,
      "Change Request",
    );
    const values = { ...(await changeValues(client, this)), ...given({ change_task_type: this.taskType }) };
    const task = await changes(client).createTask(id, values as never);
    $.export("$summary", `Added task ${task.number} to change ${number}`);
    return changeResult(task);
  },
});
