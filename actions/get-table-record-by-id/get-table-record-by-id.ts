import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText, sysId } from "../common/input";
import { readOptions } from "../common/response";
import { recordName } from "../common/text";

export default defineAction({
  key: "servicenow-get-table-record-by-id",
  name: "Get Table Record by ID",
  description:
    "Returns one record of any table by its `sys_id`. Use it when the id is known, for example from **Get Table Records** or an event; a record of which only the number is known (`INC0010023`) is found by **Get Record by Number**. Fails when there is no such record or the account may not read it. Example: `table` = `incident`, `recordId` = `1c741bd70b2322007518478d83673af3`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "1.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    recordId: { propDefinition: [servicenow, "recordId", ({ table }) => ({ table })] },
    responseDataFormat: { propDefinition: [servicenow, "responseDataFormat"] },
    excludeReferenceLinks: { propDefinition: [servicenow, "excludeReferenceLinks"] },
    responseFields: { propDefinition: [servicenow, "responseFields", ({ table }) => ({ table })] },
    responseView: { propDefinition: [servicenow, "responseView"] },
    queryNoDomain: { propDefinition: [servicenow, "queryNoDomain"] },
  },
  async run({ $ }) {
    const table = requiredText(this.table, "Table", "incident");
    const id = sysId(this.recordId, "Record ID");
    const record = await this.servicenow.client($).table(table).get(id, readOptions(this));
    $.export("$summary", `Retrieved ${recordName(record, id)} from table ${table}`);
    return record;
  },
});
