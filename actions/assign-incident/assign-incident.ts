import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { wrongInput } from "../common/input";
import { optionalReference } from "../common/resolve";
import { fixedFields } from "../common/fixed-fields";
import { given } from "../common/given-values";
import { recordName } from "../common/text";
import { changeIncident } from "../common/incidents";
import { report } from "../common/report";

export default defineAction({
  key: "servicenow-assign-incident",
  name: "Assign Incident",
  description:
    "Hands an incident to a person, a group or both, by name, e-mail or `sys_id`. Fails with the candidates when a name fits several. Example: `incident` = `INC0010023`, `assignmentGroup` = `Service Desk`, `assignedTo` = `beth.anglin`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    incident: { propDefinition: [servicenow, "incident"] },
    assignedTo: { propDefinition: [servicenow, "assignedTo"] },
    assignmentGroup: { propDefinition: [servicenow, "assignmentGroup"] },
    workNote: { propDefinition: [servicenow, "workNote"] },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "incident" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "incident" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "incident", this.fieldNames);
  },
  async run({ $ }) {
    if (Object.keys(given({ to: this.assignedTo, group: this.assignmentGroup })).length === 0)
      throw wrongInput("Give Assigned To, Assignment Group or both.");
    const values = fixedFields(this, {
      assigned_to: ["Assigned To", this.assignedTo],
      assignment_group: ["Assignment Group", this.assignmentGroup],
      work_notes: ["Work Note", this.workNote],
    });
    const client = this.servicenow.client($);
    const assigned = given({
      assigned_to: await optionalReference(client, "assignee", this.assignedTo, "Assigned To"),
      assignment_group: await optionalReference(
        client,
        "assignedGroup",
        this.assignmentGroup,
        "Assignment Group",
      ),
    });
    const { record, warnings } = await changeIncident(
      client,
      this,
      { ...values, ...assigned },
      { held: Object.keys(assigned) },
    );
    report($, `Assigned incident ${recordName(record)}`, warnings);
    return record;
  },
});
