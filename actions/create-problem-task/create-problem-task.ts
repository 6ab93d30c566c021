import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText } from "../common/input";
import { createFromProps } from "../common/record-steps";
import { report } from "../common/report";
import { resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-create-problem-task",
  name: "Create Problem Task",
  description:
    "Adds a task to a problem, for one person or group to work on. Example: `problem` = `PRB0040001`, `shortDescription` = `Collect the logs`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    problem: { propDefinition: [servicenow, "problem"] },
    shortDescription: { propDefinition: [servicenow, "shortDescription"], optional: false },
    description: { propDefinition: [servicenow, "description"] },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "problem_task" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "problem_task" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "problem_task", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    requiredText(this.shortDescription, "Short Description", "Collect the logs");
    const problem = await resolveRecord(client, "problem", this.problem, "Problem");
    const { record, summary, warnings } = await createFromProps(client, this, {
      table: "problem_task",
      recordType: "problem task",
      summaryFields: TASK_FIELDS,
      values: { problem: problem.sys_id, parent: problem.sys_id },
    });
    report($, `${summary} of ${problem.number}`, warnings);
    return record;
  },
});
