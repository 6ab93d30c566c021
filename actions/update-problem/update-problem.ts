import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { updateFromProps } from "../common/record-steps";
import { report } from "../common/report";
import { resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { choicesOf } from "../../apps/servicenow/props/shared";

export default defineAction({
  key: "servicenow-update-problem",
  name: "Update Problem",
  description:
    "Changes fields of a problem; those that are not given stay. A new state that the problem's state model refuses is an error and not silence. Example: `problem` = `PRB0040001`, `state` = `102`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    problem: { propDefinition: [servicenow, "problem"] },
    shortDescription: { propDefinition: [servicenow, "shortDescription"] },
    description: { propDefinition: [servicenow, "description"] },
    state: {
      propDefinition: [servicenow, "taskState"],
      options: choicesOf("problem", "state"),
      description:
        "The new state as stored: `101` new, `102` assess, `103` root cause analysis, `104` fix in progress, `106` resolved, `107` closed.",
    },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    workNote: { propDefinition: [servicenow, "workNote"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "problem" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "problem" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "problem", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const { sys_id: id } = await resolveRecord(client, "problem", this.problem, "Problem");
    const { record, summary, warnings } = await updateFromProps(client, id, this, {
      table: "problem",
      recordType: "problem",
      summaryFields: TASK_FIELDS,
    });
    report($, summary, warnings);
    return record;
  },
});
