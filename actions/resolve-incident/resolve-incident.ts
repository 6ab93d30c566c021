import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { given } from "../common/write";
import { recordName } from "../common/text";
import { changeIncident } from "../common/incidents";

export default defineAction({
  key: "servicenow-resolve-incident",
  name: "Resolve Incident",
  description:
    "Sets an incident to Resolved with a resolution code and notes, which most instances demand. The caller may still reopen it; **Close Incident** ends it for good. Example: `incident` = `INC0010023`, `closeCode` = `Solution provided`, `closeNotes` = `Password reset`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const record = await changeIncident(this.servicenow.client($), this, {
      state: "6",
      close_code: requiredText(this.closeCode, "Resolution Code", "Solution provided"),
      close_notes: requiredText(this.closeNotes, "Resolution Notes"),
      ...given({ comments: this.comment }),
    });
    $.export("$summary", `Resolved incident ${recordName(record)}`);
    return record;
  },
});
