import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText, sysId } from "../common/input";
import { importResult } from "../../common/apis/import-set/import-set";

export default defineAction({
  key: "servicenow-get-import-result",
  name: "Get Import Result",
  description:
    "Returns what the transform maps made of a row that was imported before. The row's id is its `sys_id` in the staging table. Example: `stagingTable` = `imp_user`, `row` = `1c741bd70b2322007518478d83673af3`. New rows: **Import Row**. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ImportSetAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    stagingTable: { propDefinition: [servicenow, "stagingTable"] },
    row: {
      type: "string",
      label: "Row",
      description: "The `sys_id` of the row in the staging table.",
    },
  },
  async run({ $ }) {
    const table = requiredText(this.stagingTable, "Staging Table", "imp_user");
    const id = sysId(this.row, "Row");
    const result = await importResult(this.servicenow.client($), table, id, { onError: "return" });
    $.export(
      "$summary",
      `The row was ${result.results.map(({ status }) => status).join(", ") || "not transformed"}`,
    );
    return result;
  },
});
