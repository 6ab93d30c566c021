import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, isTrue, requiredText } from "../common/input";
import { listSummary } from "../common/lists";
import { readOptions } from "../common/response";
import { keywordQuery } from "../common/keyword";

export default defineAction({
  key: "servicenow-search-records-by-keyword",
  name: "Search Records by Keyword",
  description:
    "Finds records of any table by words: through the text index of the table or, where it has none, in its number, name, title and description. Never answers with the whole table. For exact conditions use **Get Table Records**. Example: `table` = `incident`, `keyword` = `vpn error`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    keyword: {
      type: "string",
      label: "Keyword",
      description: "The words to search for, such as `vpn error`. A `^` cannot be searched for.",
    },
    exactMatch: {
      type: "boolean",
      label: "Exact Match",
      description:
        "Only records of which number, name, title, description, user name or e-mail is exactly the keyword.",
      optional: true,
      default: false,
    },
    limit: {
      type: "integer",
      label: "Limit",
      description: "The highest number of records to return.",
      optional: true,
      default: 10000,
      min: 1,
    },
    responseDataFormat: { propDefinition: [servicenow, "responseDataFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const keyword = requiredText(this.keyword, "Keyword", "vpn error");
    const query = await keywordQuery(client, table, keyword, isTrue(this.exactMatch));
    const list = await client
      .table(table)
      .list({ ...readOptions(this), query, max: atMost(this.limit, 10000, "Limit") });
    $.export("$summary", listSummary(list, "record", `table ${table}`));
    return list.rows;
  },
});
