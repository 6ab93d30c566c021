import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, optionalText, requiredText, textList } from "../common/input";
import { resultOptions } from "../common/results";
import { listSummary } from "../common/lists";
import { checkQuery, orderColumns, SUMMARY_FIELDS } from "../common/columns";

export default defineAction({
  key: "servicenow-list-records",
  name: "List Records",
  description:
    "Returns the records of any table that meet a query, ordered, read page by page up to a maximum, with a few telling fields unless others are asked for. Counts and sums come from **Aggregate Records**, a file of all rows from **Export Records**. Example: `table` = `incident`, `query` = `active=true^priority=1`, `orderBy` = `-sys_created_on`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    query: { propDefinition: [servicenow, "query", ({ table }) => ({ table })] },
    orderBy: { propDefinition: [servicenow, "orderBy", ({ table }) => ({ table })] },
    maximum: { propDefinition: [servicenow, "maximum"] },
    resultFields: { propDefinition: [servicenow, "resultFields", ({ table }) => ({ table })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const orderBy = textList(this.orderBy);
    await checkQuery(client, table, optionalText(this.query, "Query"), orderColumns(orderBy));
    const list = await client.table(table).list({
      ...resultOptions(this, SUMMARY_FIELDS),
      query: optionalText(this.query, "Query") ?? "",
      orderBy,
      max: atMost(this.maximum, 100),
    });
    $.export("$summary", listSummary(list, "record", `table ${table}`, this.resultFields));
    return list.rows;
  },
});
