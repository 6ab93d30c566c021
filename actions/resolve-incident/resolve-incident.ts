import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText } from "../common/input";
import { fixedFields } from "../common/fixed-fields";
import { recordName } from "../common/text";
import { withChoices } from "../common/choices";
import { changeIncident, notOver } from "../common/incidents";
import { report } from "../common/report";

export default defineAction({
  key: "servicenow-resolve-incident",
  name: "Resolve Incident",
  description:
    "Sets an incident to Resolved with a resolution code and notes, which most instances demand. The caller may still reopen it; **Close Incident** ends it for good. Example: `incident` = `INC0010023`, `closeCode` = `Solution provided`, `closeNotes` = `Password reset`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    incident: { propDefinition: [servicenow, "incident"] },
    closeCode: { propDefinition: [servicenow, "closeCode"] },
    closeNotes: { propDefinition: [servicenow, "closeNotes"] },
    comment: { propDefinition: [servicenow, "comment"] },
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: "incident" })] },
    resultFields: { propDefinition: [servicenow, "resultFields", () => ({ table: "incident" })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, "incident", this.fieldNames);
  },
  async run({ $ }) {
    const code = requiredText(this.closeCode, "Resolution Code", "Solution provided");
    const notes = requiredText(this.closeNotes, "Resolution Notes");
    const given = fixedFields(
      this,
      {
        state: ["Resolve Incident", "6"],
        close_code: ["Resolution Code", code],
        close_notes: ["Resolution Notes", notes],
        comments: ["Comment", this.comment],
      },
      "Update Incident",
    );
    const client = this.servicenow.client($);
    const values = await withChoices(client, "incident", given, { close_code: "Resolution Code" });
    const { record, warnings } = await changeIncident(client, this, values, {
      before: notOver("closed", "canceled"),
    });
    report($, `Resolved incident ${recordName(record)}`, warnings);
    return record;
  },
});
