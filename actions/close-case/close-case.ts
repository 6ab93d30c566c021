import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { withChoices } from "../common/choices";
import { requiredText } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { TASK_FIELDS } from "../common/results";
import { fixedFields } from "../common/fixed-fields";
import { report } from "../common/report";
import { writeRecord } from "../common/write";
import { recordName } from "../common/text";

const TABLE = "sn_customerservice_case";

export default defineAction({
  key: "servicenow-close-case",
  name: "Close Case",
  description:
    "Sets a customer service case to Closed with notes about its resolution. Example: `case` = `CS0001005`, `closeNotes` = `Invoice corrected`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
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
    otherFields: { propDefinition: [servicenow, "furtherFields"] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", () => ({ table: TABLE })] },
    resultFields: {
      propDefinition: [servicenow, "resultFields", () => ({ table: "sn_customerservice_case" })],
    },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, TABLE, this.fieldNames);
  },
  async run({ $ }) {
    const notes = requiredText(this.closeNotes, "Resolution Notes");
    const given = fixedFields(
      this,
      {
        state: ["Close Case", "3"],
        close_notes: ["Resolution Notes", notes],
        resolution_code: ["Resolution Code", this.resolutionCode],
      },
      "Update Case",
    );
    const client = this.servicenow.client($);
    const values = await withChoices(client, TABLE, given, { resolution_code: "Resolution Code" });
    const { sys_id: id } = await resolveRecord(client, TABLE, this.case, "Case");
    const { record, warnings } = await writeRecord(
      client,
      id,
      { table: TABLE, values, props: this, summaryFields: TASK_FIELDS },
      ["state"],
    );
    report($, `Closed case ${recordName(record, id)}`, warnings);
    return record;
  },
});
