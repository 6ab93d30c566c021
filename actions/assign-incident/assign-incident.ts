import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { wrongInput } from "../common/input";
import { optionalReference } from "../common/resolve";
import { given } from "../common/write";
import { recordName } from "../common/text";
import { changeIncident } from "../common/incidents";

export default defineAction({
  key: "servicenow-assign-incident",
  name: "Assign Incident",
  description:
    "Hands an incident to a person, a group or both, by name, e-mail or `sys_id`. Fails with the candidates when a name fits several. Example: `incident` = `INC0010023`, `assignmentGroup` = `Service Desk`, `assignedTo` = `beth.anglin`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const values = given({
      assigned_to: await optionalReference(client, "user", this.assignedTo, "Assigned To"),
      assignment_group: await optionalReference(client, "group", this.assignmentGroup, "Assignment Group"),
    });
    if (Object.keys(values).length === 0) throw wrongInput("Give Assigned To, Assignment Group or both.");
    const record = await changeIncident(client, this, { ...values, ...given({ work_notes: this.workNote }) });
    $.export("$summary", `Assigned incident ${recordName(record)}`);
    return record;
  },
});
