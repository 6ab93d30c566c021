import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { updateFromProps } from "../common/record-steps";
import { report } from "../common/report";
import { resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { choicesOf } from "../../apps/servicenow/props/shared";

export default defineAction({
  key: "servicenow-update-case",
  name: "Update Case",
  description:
    "Changes fields of a customer service case; those that are not given stay. To end one use **Close Case**. Example: `case` = `CS0001005`, `comment` = `We are on it`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    case: { propDefinition: [servicenow, "case"] },
    shortDescription: { propDefinition: [servicenow, "shortDescription"] },
    state: {
      propDefinition: [servicenow, "taskState"],
      options: choicesOf("sn_customerservice_case", "state"),
      description: "The new state as stored: `1` new, `10` open, `18` awaiting info, `6` resolved.",
    },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    comment: { propDefinition: [servicenow, "comment"] },
    workNote: { propDefinition: [servicenow, "workNote"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "sn_customerservice_case" })] },
    resultFields: {
      propDefinition: [servicenow, "resultFields", () => ({ table: "sn_customerservice_case" })],
    },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "sn_customerservice_case", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const { sys_id: id } = await resolveRecord(client, "sn_customerservice_case", this.case, "Case");
    const { record, summary, warnings } = await updateFromProps(client, id, this, {
      table: "sn_customerservice_case",
      recordType: "case",
      summaryFields: TASK_FIELDS,
    });
    report($, summary, warnings);
    return record;
  },
});
