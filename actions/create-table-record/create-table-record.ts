import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { furtherValues } from "../common/record-values";
import { isTrue, requiredObject, requiredText } from "../common/input";
import { report } from "../common/report";
import { readOptions } from "../common/response";
import { recordName } from "../common/text";
import { createWith } from "../common/write";
import { storedValues } from "../common/stored-values";
import { answerWarnings } from "../common/write-result";

export default defineAction({
  key: "servicenow-create-table-record",
  name: "Create Table Record",
  description:
    'Creates one record in any table and returns it as the instance stored it, with its number and `sys_id`. For an incident prefer **Create Incident**; to change a record use **Update Table Record**. Column names come from **Describe Table**. With **Correlation ID** the step is safe to repeat. Columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. Example: `table` = `incident`, `recordData` = `{"short_description": "Cannot log in", "urgency": "2"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "1.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"], reloadProps: true },
    recordData: { propDefinition: [servicenow, "recordData"], optional: true },
    fieldNames: { propDefinition: [servicenow, "fieldNames", ({ table }) => ({ table })] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    responseDataFormat: { propDefinition: [servicenow, "responseDataFormat"] },
    excludeReferenceLinks: { propDefinition: [servicenow, "excludeReferenceLinks"] },
    responseFields: { propDefinition: [servicenow, "responseFields", ({ table }) => ({ table })] },
    inputDisplayValue: { propDefinition: [servicenow, "inputDisplayValue"] },
    responseView: { propDefinition: [servicenow, "responseView"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, this.table, this.fieldNames, { mandatory: true });
  },
  async run({ $ }) {
    const table = requiredText(this.table, "Table", "incident");
    const given = requiredObject(furtherValues(this, this.recordData, "Record Data"), "Record Data");
    const client = this.servicenow.client($);
    const asDisplayed = isTrue(this.inputDisplayValue);
    const options = { ...readOptions(this), inputDisplayValue: asDisplayed };
    const rule = { label: "Record Data", asDisplayed };
    const values = await storedValues(client, table, given, Object.keys(given), rule);
    const { record, existed, warnings } = await createWith(
      client,
      table,
      values,
      options,
      this.correlationId,
    );
    const unstored = existed ? [] : await answerWarnings(client.table(table), values, record, options);
    const done = `${existed ? "Found" : "Created"} ${recordName(record)} in table ${table}`;
    report($, done, [...unstored, ...warnings]);
    return record;
  },
});
