import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { updateRecord, given } from "../common/write";
import { recordName } from "../common/text";

export default defineAction({
  key: "servicenow-close-case",
  name: "Close Case",
  description:
    "Sets a customer service case to Closed with notes about its resolution. Example: `case` = `CS0001005`, `closeNotes` = `Invoice corrected`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    case: { propDefinition: [servicenow, "case"] },
    resolutionCode: {
      type: "string",
      label: "Resolution Code",
      description: "How it was resolved, as stored, such as `1`. Needed where the instance demands it.",
      optional: true,
    },
    closeNotes: { propDefinition: [servicenow, "closeNotes"] },
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const notes = requiredText(this.closeNotes, "Resolution Notes");
    const { sys_id: id } = await resolveRecord(client, "sn_customerservice_case", this.case, "Case");
    const record = await updateRecord(
      client,
      id,
      {
        table: "sn_customerservice_case",
        values: given({ state: "3", close_notes: notes, resolution_code: this.resolutionCode }),
        props: this,
        telling: TASK_FIELDS,
      },
      ["state"],
    );
    $.export("$summary", `Closed case ${recordName(record, id)}`);
    return record;
  },
});
