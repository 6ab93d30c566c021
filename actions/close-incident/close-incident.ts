import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { given } from "../common/write";
import { recordName } from "../common/text";
import { changeIncident } from "../common/incidents";

export default defineAction({
  key: "servicenow-close-incident",
  name: "Close Incident",
  description:
    "Sets an incident to Closed, after which most instances let nobody change it; **Resolve Incident** is the softer way. Resolution code and notes are needed unless the incident has them from its resolution. Example: `incident` = `INC0010023`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    incident: { propDefinition: [servicenow, "incident"] },
    closeCode: { propDefinition: [servicenow, "closeCode"], optional: true },
    closeNotes: { propDefinition: [servicenow, "closeNotes"], optional: true },
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const record = await changeIncident(this.servicenow.client($), this, {
      state: "7",
      ...given({ close_code: this.closeCode, close_notes: this.closeNotes }),
    });
    $.export("$summary", `Closed incident ${recordName(record)}`);
    return record;
  },
});
