import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredObject, requiredText } from "../common/input";
import { readOptions } from "../common/response";
import { recordName } from "../common/text";

export default defineAction({
  key: "servicenow-create-table-record",
  name: "Create Table Record",
  description:
    'Creates one record in any table and returns it as the instance stored it, with its number and `sys_id`. For an incident prefer **Create Incident**; to change a record use **Update Table Record**. Column names come from **Describe Table**. Example: `table` = `incident`, `recordData` = `{"short_description": "Cannot log in", "urgency": "2"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "1.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    recordData: {
      type: "object",
      label: "Record Data",
      description:
        'The fields of the new record and their values, such as `{"short_description": "Cannot log in", "urgency": "2"}`. A reference takes the `sys_id`. Dates are `2026-07-30 14:05:00` in UTC, unless **Input Display Value** is set.',
    },
    responseDataFormat: { propDefinition: [servicenow, "responseDataFormat"] },
    excludeReferenceLinks: { propDefinition: [servicenow, "excludeReferenceLinks"] },
    responseFields: { propDefinition: [servicenow, "responseFields"] },
    inputDisplayValue: { propDefinition: [servicenow, "inputDisplayValue"] },
    responseView: { propDefinition: [servicenow, "responseView"] },
  },
  async run({ $ }) {
    const table = requiredText(this.table, "Table", "incident");
    const values = requiredObject(this.recordData, "Record Data");
    const record = await this.servicenow
      .client($)
      .table(table)
      .create(values as never, { ...readOptions(this), inputDisplayValue: this.inputDisplayValue ?? false });
    $.export("$summary", `Created ${recordName(record)} in table ${table}`);
    return record;
  },
});
