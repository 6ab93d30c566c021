import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { updateFromProps } from "../common/record-steps";
import { report } from "../common/report";
import { resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-update-task",
  name: "Update Task",
  description:
    "Changes fields of a task of any kind (catalog task, change task, problem task …) found by its number; those that are not given stay. To end one use **Complete Task**. Example: `task` = `SCTASK0010001`, `state` = `2`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    task: { propDefinition: [servicenow, "task"], reloadProps: true },
    shortDescription: { propDefinition: [servicenow, "shortDescription"] },
    state: { propDefinition: [servicenow, "taskState"] },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    comment: { propDefinition: [servicenow, "comment"] },
    workNote: { propDefinition: [servicenow, "workNote"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: {
      propDefinition: [servicenow, "fieldNames", ({ task }) => ({ table: "task", record: task })],
    },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "task" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "task", this.fieldNames, { record: this.task });
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const task = await resolveRecord(client, "task", this.task, "Task", ["sys_class_name"]);
    const { record, summary, warnings } = await updateFromProps(client, task.sys_id, this, {
      table: task.sys_class_name || "task",
      recordType: "task",
      summaryFields: TASK_FIELDS,
    });
    report($, summary, warnings);
    return record;
  },
});
