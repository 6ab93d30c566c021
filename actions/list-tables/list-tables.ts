import servicenow from "../../apps/servicenow.app";
import { moreExist } from "../common/lists";
import { defineAction } from "../../components";
import { atMost, isBlank, optionalText, plainValue, wrongInput } from "../common/input";
import { count } from "../common/text";
import { filterQuery } from "../common/common-filters";
import { checkQuery } from "../common/columns";
import { readableTables } from "../common/readable-tables";

export default defineAction({
  key: "servicenow-list-tables",
  name: "List Tables",
  description:
    "Returns the tables that the connected account can read, with name and label. What columns a table has says **Describe Table**. Example: `query` = `nameSTARTSWITHcmdb_ci`, `limit` = `50`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    query: { propDefinition: [servicenow, "query", () => ({ table: "sys_db_object" })] },
    filterCreatedAtDate: { propDefinition: [servicenow, "createdSince"] },
    filterUpdatedAtDate: { propDefinition: [servicenow, "updatedSince"] },
    filterActive: {
      propDefinition: [servicenow, "activeOnly"],
      description:
        "Kept for workflows from elsewhere: the table of tables has no column `active`, so a value is refused.",
    },
    limit: { propDefinition: [servicenow, "limit"], default: 100 },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    if (!isBlank(plainValue(this.filterActive)))
      throw wrongInput(
        "Active: tables are not active or inactive (sys_db_object has no such column). Leave it empty.",
      );
    await checkQuery(client, "sys_db_object", optionalText(this.query, "Query"));
    const { tables, more } = await readableTables(
      client,
      await filterQuery(client, "sys_db_object", { ...this, filterActive: undefined }),
      atMost(this.limit, 100, "Limit"),
    );
    $.export("$summary", `Retrieved ${count(tables.length, "table")}${moreExist(more)}`);
    return tables;
  },
});
