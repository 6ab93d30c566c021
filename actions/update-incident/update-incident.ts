import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { choicesOf } from "../../apps/servicenow/props/shared";
import { fieldProps } from "../common/field-props";
import { INCIDENT_FIELDS } from "../common/incidents";
import { updateFromProps } from "../common/record-steps";
import { report } from "../common/report";
import { resolveRecord } from "../common/resolve";

export default defineAction({
  key: "servicenow-update-incident",
  name: "Update Incident",
  description:
    'Changes fields of an incident; those that are not given stay. To end one use **Resolve Incident** or **Close Incident**, to hand it over **Assign Incident**, to write to its caller **Add Comment**, to wait **Put Incident on Hold**. Example: `incident` = `INC0010023`, `state` = `2`, `otherFields` = `{"problem_id": "9d3c1a5f2f3b1010f3e3b3f5f699b6a1"}`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    incident: { propDefinition: [servicenow, "incident"] },
    shortDescription: { propDefinition: [servicenow, "shortDescription"] },
    description: { propDefinition: [servicenow, "description"] },
    state: {
      propDefinition: [servicenow, "taskState"],
      options: choicesOf("incident", "state"),
      description: "The new state as stored: `1` new, `2` in progress, `3` on hold.",
    },
    urgency: { propDefinition: [servicenow, "urgency"] },
    impact: { propDefinition: [servicenow, "impact"] },
    category: { propDefinition: [servicenow, "category"] },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    comment: { propDefinition: [servicenow, "comment"] },
    workNote: { propDefinition: [servicenow, "workNote"] },
    otherFields: { propDefinition: [servicenow, "otherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "incident" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "incident" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "incident", this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const { sys_id: id } = await resolveRecord(client, "incident", this.incident, "Incident");
    const { record, summary, warnings } = await updateFromProps(client, id, this, {
      table: "incident",
      recordType: "incident",
      summaryFields: INCIDENT_FIELDS,
    });
    report($, summary, warnings);
    return record;
  },
});
