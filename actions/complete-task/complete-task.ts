import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { oneOf, wrongInput } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { fixedFields } from "../common/fixed-fields";
import { report } from "../common/report";
import { writeRecord } from "../common/write";

const STATES = { complete: "3", incomplete: "4", skipped: "7" };

/** How records end that are tasks by inheritance alone. */
const ENDS: Record<string, string> = {
  incident: 'Use the action "Resolve Incident"',
  problem: 'Use the action "Update Problem"',
  change_request: 'Use the action "Close Change"',
  sn_customerservice_case: 'Use the action "Close Case"',
  sc_request: 'It ends with its requested items, or by the action "Cancel Request"',
  sc_req_item: "It ends when its tasks (sc_task) are completed",
};

export default defineAction({
  key: "servicenow-complete-task",
  name: "Complete Task",
  description:
    "Closes an open task as complete, incomplete or skipped, with a work note if wanted. Incidents, problems, changes, cases, requests and requested items have ends of their own, such as **Resolve Incident** or **Close Change**. Example: `task` = `SCTASK0010001`, `result` = `complete`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "task" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "task", this.fieldNames, { record: this.task });
  },
  async run({ $ }) {
    const result = oneOf(this.result, ["complete", "incomplete", "skipped"], "Result");
    const values = fixedFields(
      this,
      { state: ["Result", STATES[result]], work_notes: ["Work Note", this.workNote] },
      "Update Task",
    );
    const client = this.servicenow.client($);
    const task = await resolveRecord(client, "task", this.task, "Task", ["sys_class_name", "active"]);
    const table = task.sys_class_name || "task";
    const instead = ENDS[table];
    if (instead)
      throw wrongInput(
        `${task.number} is no simple task but a record of ${table}, whose states mean something else. ${instead}.`,
      );
    if (task.active === "false") throw wrongInput(`Task ${task.number} is closed already.`);
    const { record, warnings } = await writeRecord(
      client,
      task.sys_id,
      { table, values, props: this, summaryFields: TASK_FIELDS },
      ["state"],
    );
    report($, `Closed task ${task.number} as ${result}`, warnings);
    return record;
  },
});
