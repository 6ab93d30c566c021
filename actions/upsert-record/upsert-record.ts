import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText, textList } from "../common/input";
import { recordName } from "../common/text";
import { fieldProps } from "../common/field-props";
import { furtherValues } from "../common/record-values";
import { report } from "../common/report";
import { upsertRecord } from "../common/upsert";

export default defineAction({
  key: "servicenow-upsert-record",
  name: "Upsert Record",
  description:
    'Updates the record whose key fields have the given values, or creates it when there is none. Fails when several have them, and changes nothing then. Example: `table` = `cmdb_ci_server`, `keyFields` = `["name"]`, `recordData` = `{"name": "web-01", "ip_address": "10.0.0.5"}`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"], reloadProps: true },
    keyFields: {
      type: "string[]",
      label: "Key Fields",
      description:
        "The fields that identify the record, such as `correlation_id` or `name`. Each must have a value in **Record Data**.",
    },
    recordData: { propDefinition: [servicenow, "recordData"], optional: true },
    fieldNames: { propDefinition: [servicenow, "fieldNames", ({ table }) => ({ table })] },
    resultFields: { propDefinition: [servicenow, "resultFields", ({ table }) => ({ table })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, this.table, this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const values = furtherValues(this, this.recordData, "Record Data");
    const { record, created, warnings } = await upsertRecord(
      client,
      table,
      textList(this.keyFields),
      values,
      this,
    );
    report($, `${created ? "Created" : "Updated"} ${recordName(record)} in table ${table}`, warnings);
    return record;
  },
});
