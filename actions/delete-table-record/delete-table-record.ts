import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { isTrue, requiredText, sysId } from "../common/input";
import { recordName } from "../common/text";

export default defineAction({
  key: "servicenow-delete-table-record",
  name: "Delete Table Record",
  description:
    "Deletes one record of any table for good. Prefer closing a record with **Update Table Record** where it should stay findable: a deleted record is restored only by an administrator, if at all. Ids come from **Get Table Records**. Fails when there is no such record. Example: `table` = `incident`, `recordId` = `1c741bd70b2322007518478d83673af3`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    recordId: { propDefinition: [servicenow, "recordId", ({ table }) => ({ table })] },
    queryNoDomain: { propDefinition: [servicenow, "queryNoDomain"] },
  },
  async run({ $ }) {
    const table = requiredText(this.table, "Table", "incident");
    const id = sysId(this.recordId, "Record ID");
    const records = this.servicenow.client($).table(table);
    const noDomain = isTrue(this.queryNoDomain);
    const record = await records.get(id, { noDomain });
    await records.delete(id, noDomain ? { params: { sysparm_query_no_domain: true } } : {});
    $.export("$summary", `Deleted ${recordName(record, id)} from table ${table}`);
    return { success: true, recordId: id, table };
  },
});
