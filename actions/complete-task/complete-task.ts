import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { wrongInput } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { verbValues } from "../common/verb-values";
import { updateRecord } from "../common/write";

export default defineAction({
  key: "servicenow-complete-task",
  name: "Complete Task",
  description:
    "Closes a task as complete, incomplete or skipped, with a work note if wanted. Incidents and changes have ends of their own: **Resolve Incident**, **Close Change**. Example: `task` = `SCTASK0010001`, `result` = `complete`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    task: { propDefinition: [servicenow, "task"], reloadProps: true },
    result: {
      type: "string",
      label: "Result",
      description: "`complete`, `incomplete` or `skipped`.",
      optional: true,
      default: "complete",
      options: ["complete", "incomplete", "skipped"],
    },
    workNote: { propDefinition: [servicenow, "workNote"] },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: {
      propDefinition: [servicenow, "fieldNames", ({ task }) => ({ table: "task", record: task })],
    },
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "task", this.fieldNames, { record: this.task });
  },
  async run({ $ }) {
    const state = { complete: "3", incomplete: "4", skipped: "7" }[this.result ?? "complete"];
    if (!state) throw wrongInput('Result must be "complete", "incomplete" or "skipped".');
    const values = verbValues(
      this,
      { state: ["Result", state], work_notes: ["Work Note", this.workNote] },
      "Update Task",
    );
    const client = this.servicenow.client($);
    const task = await resolveRecord(client, "task", this.task, "Task", ["sys_class_name"]);
    const table = task.sys_class_name || "task";
    if (["incident", "problem", "change_request", "sn_customerservice_case"].includes(table))
      throw wrongInput(
        `${task.number} is no simple task but a record of ${table}, whose states mean something else. Use the action that closes it.`,
      );
    const record = await updateRecord(
      client,
      task.sys_id,
      { table, values, props: this, telling: TASK_FIELDS },
      ["state"],
    );
    $.export("$summary", `Closed task ${task.number} as ${this.result ?? "complete"}`);
    return record;
  },
});
