import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { fixedFields } from "../common/fixed-fields";
import { recordName } from "../common/text";
import { withChoices } from "../common/choices";
import { changeIncident, notOver } from "../common/incidents";
import { report } from "../common/report";

export default defineAction({
  key: "servicenow-close-incident",
  name: "Close Incident",
  description:
    "Sets an incident to Closed, after which most instances let nobody change it; **Resolve Incident** is the softer way. Resolution code and notes are needed unless the incident has them from its resolution. Example: `incident` = `INC0010023`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    incident: { propDefinition: [servicenow, "incident"] },
    closeCode: { propDefinition: [servicenow, "closeCode"], optional: true },
    closeNotes: { propDefinition: [servicenow, "closeNotes"], optional: true },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "incident" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "incident" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "incident", this.fieldNames);
  },
  async run({ $ }) {
    const given = fixedFields(
      this,
      {
        state: ["Close Incident", "7"],
        close_code: ["Resolution Code", this.closeCode],
        close_notes: ["Resolution Notes", this.closeNotes],
      },
      "Update Incident",
    );
    const client = this.servicenow.client($);
    const values = await withChoices(client, "incident", given, { close_code: "Resolution Code" });
    const { record, warnings } = await changeIncident(client, this, values, { before: notOver("canceled") });
    report($, `Closed incident ${recordName(record)}`, warnings);
    return record;
  },
});
