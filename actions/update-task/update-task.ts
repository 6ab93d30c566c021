import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject } from "../common/input";
import { optionalReference, resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { updateRecord, given, somethingToWrite } from "../common/write";

export default defineAction({
  key: "servicenow-update-task",
  name: "Update Task",
  description:
    "Changes fields of a task of any kind (catalog task, change task, problem task …) found by its number; those that are not given stay. To end one use **Complete Task**. Example: `task` = `SCTASK0010001`, `state` = `2`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    task: { propDefinition: [servicenow, "task"] },
    shortDescription: { propDefinition: [servicenow, "shortDescription"] },
    state: { propDefinition: [servicenow, "taskState"] },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    comment: { propDefinition: [servicenow, "comment"] },
    workNote: { propDefinition: [servicenow, "workNote"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const task = await resolveRecord(client, "task", this.task, "Task", ["sys_class_name"]);
    const values = given({
      short_description: this.shortDescription,
      state: this.state,
      assigned_to: await optionalReference(client, "user", this.assignedTo, "Assigned To"),
      assignment_group: await optionalReference(client, "group", this.assignmentGroup, "Assignment Group"),
      comments: this.comment,
      work_notes: this.workNote,
      ...optionalObject(this.otherFields, "Other Fields"),
    });
    const record = await updateRecord(
      client,
      task.sys_id,
      {
        table: task.sys_class_name || "task",
        values: somethingToWrite(values),
        props: this,
        telling: TASK_FIELDS,
      },
      "state" in values ? ["state"] : [],
    );
    $.export("$summary", `Updated task ${task.number}`);
    return record;
  },
});
