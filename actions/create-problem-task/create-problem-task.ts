import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject, requiredText } from "../common/input";
import { optionalReference, resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { createRecord, given } from "../common/write";
import { recordName } from "../common/text";

export default defineAction({
  key: "servicenow-create-problem-task",
  name: "Create Problem Task",
  description:
    "Adds a task to a problem, for one person or group to work on. Example: `problem` = `PRB0040001`, `shortDescription` = `Collect the logs`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const problem = await resolveRecord(client, "problem", this.problem, "Problem");
    const values = given({
      problem: problem.sys_id,
      parent: problem.sys_id,
      short_description: requiredText(this.shortDescription, "Short Description"),
      description: this.description,
      assigned_to: await optionalReference(client, "user", this.assignedTo, "Assigned To"),
      assignment_group: await optionalReference(client, "group", this.assignmentGroup, "Assignment Group"),
      ...optionalObject(this.otherFields, "Other Fields"),
    });
    const { record, existed } = await createRecord(
      client,
      { table: "problem_task", values, props: this, telling: TASK_FIELDS },
      this.correlationId,
    );
    $.export(
      "$summary",
      `${existed ? "Found" : "Created"} problem task ${recordName(record)} of ${problem.number}`,
    );
    return record;
  },
});
