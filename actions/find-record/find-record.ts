import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText, textList } from "../common/input";
import { unknownFields } from "../common/lists";
import { recordOptions } from "../common/results";
import { recordName } from "../common/text";
import { checkQuery, orderColumns, SUMMARY_FIELDS } from "../common/columns";

export default defineAction({
  key: "servicenow-find-record",
  name: "Find Record",
  description:
    "Returns the first record of any table that meets a query, or `null` when there is none. For several use **List Records**, for a known number **Get Record by Number**. Example: `table` = `sys_user`, `query` = `email=beth.anglin@example.com`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    query: { propDefinition: [servicenow, "query", ({ table }) => ({ table })], optional: false },
    orderBy: { propDefinition: [servicenow, "orderBy", ({ table }) => ({ table })] },
    resultFields: { propDefinition: [servicenow, "resultFields", ({ table }) => ({ table })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const query = requiredText(this.query, "Query", "active=true");
    const orderBy = textList(this.orderBy);
    await checkQuery(client, table, query, orderColumns(orderBy));
    const { rows } = await client.table(table).list({
      ...recordOptions(this, SUMMARY_FIELDS),
      query,
      orderBy,
      max: 1,
    });
    const record = rows[0] ?? null;
    $.export(
      "$summary",
      record
        ? `Found ${recordName(record)} in table ${table}${unknownFields(rows, this.resultFields)}`
        : `No record of table ${table} meets the query`,
    );
    return record;
  },
});
