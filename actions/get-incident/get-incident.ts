import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldsOr, requiredText } from "../common/input";
import { optionalReference } from "../common/resolve";
import { rowsWithLabels } from "../common/with-labels";
import { INCIDENT_DETAILS } from "../common/results";

export default defineAction({
  key: "servicenow-get-incident",
  name: "Get Incident",
  description:
    "Returns an incident by its number, as a list of one or none, with labels beside the raw codes. Any other table: **Get Record by Number**. Example: `incidentNumber` = `INC0010023`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.2.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    incidentNumber: {
      type: "string",
      label: "Incident Number",
      description: "The number of the incident, such as `INC0010023`.",
    },
    callerId: {
      type: "string",
      label: "Caller",
      description: "Only when this person reported it: user name, e-mail, full name or `sys_id`.",
      optional: true,
    },
    responseFields: {
      propDefinition: [servicenow, "responseFields", () => ({ table: "incident" })],
      description:
        "The fields to return, such as `number` or `caller_id.email`. Those that tell most if empty.",
    },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const number = requiredText(this.incidentNumber, "Incident Number", "INC0010023");
    const { rows: incidents } = await rowsWithLabels(
      client,
      "incident",
      fieldsOr(this.responseFields, INCIDENT_DETAILS),
      {
        number,
        caller_id: await optionalReference(client, "userSearchedFor", this.callerId, "Caller"),
      },
    );
    $.export(
      "$summary",
      incidents.length > 0 ? `Retrieved incident ${number}` : `No incident found with number ${number}`,
    );
    return incidents;
  },
});
