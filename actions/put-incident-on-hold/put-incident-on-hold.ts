import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { requiredText, wrongInput } from "../common/input";
import { fixedFields } from "../common/fixed-fields";
import { recordName } from "../common/text";
import { withChoices } from "../common/choices";
import { changeIncident, notOver } from "../common/incidents";
import { report } from "../common/report";
import { textOf } from "../../common/table/cells";

const AWAITING_CALLER = "1";

export default defineAction({
  key: "servicenow-put-incident-on-hold",
  name: "Put Incident on Hold",
  description:
    "Sets an incident to On Hold with a reason. Awaiting the caller needs a comment that tells the caller what is expected. **Update Incident** takes it off hold again. Example: `incident` = `INC0010023`, `holdReason` = `1`, `comment` = `Please send a screenshot`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    incident: { propDefinition: [servicenow, "incident"] },
    holdReason: { propDefinition: [servicenow, "holdReason"] },
    comment: { propDefinition: [servicenow, "comment"] },
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
    const reason = requiredText(this.holdReason, "Hold Reason", "1");
    const given = fixedFields(
      this,
      {
        state: ["Put Incident on Hold", "3"],
        hold_reason: ["Hold Reason", reason],
        comments: ["Comment", this.comment],
        work_notes: ["Work Note", this.workNote],
      },
      "Update Incident",
    );
    const client = this.servicenow.client($);
    const values = await withChoices(client, "incident", given, { hold_reason: "Hold Reason" });
    if (values.hold_reason === AWAITING_CALLER && !textOf(values.comments).trim())
      throw wrongInput("Comment: tell the caller what is expected, since the incident waits for the caller.");
    const { record, warnings } = await changeIncident(client, this, values, {
      before: notOver("resolved", "closed", "canceled"),
      held: ["hold_reason"],
    });
    report($, `Put incident ${recordName(record)} on hold`, warnings);
    return record;
  },
});
