import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { checkQuery } from "../common/columns";
import { atMost, optionalText, requiredText } from "../common/input";
import { listSummary } from "../common/lists";
import { filterColumns, filterQuery } from "../common/common-filters";
import { readOptions } from "../common/response";

export default defineAction({
  key: "servicenow-get-table-records",
  name: "Get Table Records",
  description:
    "Returns the records of any table that meet a query and the filters, all of which must hold; every record of the table if none is given. Reads page by page, so **Limit** may exceed one response. All columns come back, often more than eighty: set **Response Fields**, or use **List Records**, whose results are small. One record by its id: **Get Table Record by ID**. Example: `table` = `incident`, `query` = `active=true^priority=1^ORDERBYDESCsys_created_on`, `limit` = `20`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "1.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    query: { propDefinition: [servicenow, "query", ({ table }) => ({ table })] },
    filterCreatedAtDate: { propDefinition: [servicenow, "createdSince"] },
    filterUpdatedAtDate: { propDefinition: [servicenow, "updatedSince"] },
    filterActive: { propDefinition: [servicenow, "activeOnly"] },
    responseDataFormat: { propDefinition: [servicenow, "responseDataFormat"] },
    excludeReferenceLinks: { propDefinition: [servicenow, "excludeReferenceLinks"] },
    responseFields: { propDefinition: [servicenow, "responseFields", ({ table }) => ({ table })] },
    limit: {
      type: "integer",
      label: "Limit",
      description: "The highest number of records to return. All are read page by page.",
      optional: true,
      default: 10000,
      min: 1,
    },
    responseView: { propDefinition: [servicenow, "responseView"] },
    queryNoDomain: { propDefinition: [servicenow, "queryNoDomain"] },
  },
  async run({ $ }) {
    const table = requiredText(this.table, "Table", "incident");
    const client = this.servicenow.client($);
    await checkQuery(client, table, optionalText(this.query, "Query"), filterColumns(this));
    const query = await filterQuery(client, table, this);
    const list = await client
      .table(table)
      .list({ ...readOptions(this), query, max: atMost(this.limit, 10000, "Limit") });
    $.export("$summary", listSummary(list, "record", `table ${table}`, this.responseFields));
    return list.rows;
  },
});
