import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText, wrongInput } from "../common/input";
import { fixedFields } from "../common/fixed-fields";
import { recordName } from "../common/text";
import { changeIncident } from "../common/incidents";
import { report } from "../common/report";

export default defineAction({
  key: "servicenow-reopen-incident",
  name: "Reopen Incident",
  description:
    "Sets a resolved or closed incident back to In Progress, with a note that says why. Fails when the incident is still open. Example: `incident` = `INC0010023`, `reason` = `It happens again`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    incident: { propDefinition: [servicenow, "incident"] },
    reason: {
      type: "string",
      label: "Reason",
      description: "Why it is reopened, kept as a work note, such as `It happens again`.",
    },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "incident" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "incident" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "incident", this.fieldNames);
  },
  async run({ $ }) {
    const reason = requiredText(this.reason, "Reason", "It happens again");
    const values = fixedFields(
      this,
      { state: ["Reopen Incident", "2"], work_notes: ["Reason", reason] },
      "Update Incident",
    );
    const { record, warnings } = await changeIncident(this.servicenow.client($), this, values, {
      before({ state, number }) {
        if (!["6", "7"].includes(state ?? ""))
          throw wrongInput(`Incident ${number} is not resolved or closed, so there is nothing to reopen.`);
      },
    });
    report($, `Reopened incident ${recordName(record)}`, warnings);
    return record;
  },
});
