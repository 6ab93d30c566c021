import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredText } from "../common/input";
import { count } from "../common/text";
import { importRows } from "../../common/apis/import-set";
import { objectList } from "../common/bulk";

export default defineAction({
  key: "servicenow-import-rows",
  name: "Import Rows",
  description:
    'Puts up to 1,000 rows into an import set table in one request. The transforms run afterwards: follow them with **List Records** of `sys_import_set_row`. One row with its result: **Import Row**. Example: `stagingTable` = `imp_user`, `rows` = `[{"user_id": "beth.anglin"}]`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ImportSetAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    stagingTable: { propDefinition: [servicenow, "stagingTable"] },
    rows: {
      type: "string",
      label: "Rows",
      description: 'A JSON list of rows, such as `[{"user_id": "beth.anglin"}, {"user_id": "abel.tuter"}]`.',
    },
  },
  async run({ $ }) {
    const table = requiredText(this.stagingTable, "Staging Table", "imp_user");
    const rows = objectList(this.rows, "Rows", '[{"user_id": "beth.anglin"}]');
    const result = await importRows(this.servicenow.client($), table, rows as never);
    $.export("$summary", `Put ${count(rows.length, "row")} into ${table}; the transforms run now`);
    return result;
  },
});
