import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { furtherValues } from "../common/record-values";
import { isTrue, requiredObject, requiredText, sysId } from "../common/input";
import { report } from "../common/report";
import { storedValues } from "../common/stored-values";
import { answerWarnings } from "../common/write-result";
import { readOptions } from "../common/response";
import { recordName } from "../common/text";

export default defineAction({
  key: "servicenow-update-table-record",
  name: "Update Table Record",
  description:
    'Changes fields of one record of any table; fields that are not given stay as they are. Ids come from **Get Table Records**. A value in `work_notes` or `comments` adds an entry. Columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. Example: `table` = `incident`, `recordId` = `1c741bd70b2322007518478d83673af3`, `updateFields` = `{"urgency": "1"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "1.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"], reloadProps: true },
    recordId: { propDefinition: [servicenow, "recordId", ({ table }) => ({ table })] },
    fieldNames: { propDefinition: [servicenow, "fieldNames", ({ table }) => ({ table })] },
    updateFields: {
      type: "object",
      label: "Update Fields",
      description:
        'The fields to change and their new values, such as `{"urgency": "1", "work_notes": "Called back"}`. An empty text clears a field. Dates are `2026-07-30 14:05:00` in UTC, unless **Input Display Value** is set.',
      optional: true,
    },
    replaceRecord: {
      type: "boolean",
      label: "Replace Record",
      description:
        "Send the change as a replacement (PUT). ServiceNow keeps the fields that are not sent all the same, so there is rarely a reason to.",
      optional: true,
    },
    responseDataFormat: { propDefinition: [servicenow, "responseDataFormat"] },
    excludeReferenceLinks: { propDefinition: [servicenow, "excludeReferenceLinks"] },
    responseFields: { propDefinition: [servicenow, "responseFields", ({ table }) => ({ table })] },
    inputDisplayValue: { propDefinition: [servicenow, "inputDisplayValue"] },
    responseView: { propDefinition: [servicenow, "responseView"] },
    queryNoDomain: { propDefinition: [servicenow, "queryNoDomain"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, this.table, this.fieldNames);
  },
  async run({ $ }) {
    const table = requiredText(this.table, "Table", "incident");
    const id = sysId(this.recordId, "Record ID");
    const given = requiredObject(furtherValues(this, this.updateFields, "Update Fields"), "Update Fields");
    const client = this.servicenow.client($);
    const records = client.table(table);
    const asDisplayed = isTrue(this.inputDisplayValue);
    const options = { ...readOptions(this), inputDisplayValue: asDisplayed };
    const rule = { label: "Update Fields", asDisplayed, mayBeSubclass: true };
    const values = await storedValues(client, table, given, Object.keys(given), rule);
    const replaces = isTrue(this.replaceRecord);
    const record = replaces
      ? await records.replace(id, values as never, options)
      : await records.update(id, values as never, options);
    const verb = replaces ? "Replaced" : "Updated";
    const warnings = await answerWarnings(records, values, record, options);
    report($, `${verb} ${recordName(record, id)} in table ${table}`, warnings);
    return record;
  },
});
