import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { importWarnings } from "../common/import-warnings";
import { requiredText } from "../common/input";
import { report } from "../common/report";
import { storedValuesFor } from "../common/stored-values";
import { count } from "../common/text";
import { importRowsWithKey } from "../../common/apis/import-set/import-with-key";
import { importRows } from "../../common/apis/import-set/import-set";
import { objectList } from "../common/bulk";

export default defineAction({
  key: "servicenow-import-rows",
  name: "Import Rows",
  description:
    'Puts up to 1,000 rows into an import set table in one request. The transforms run afterwards: follow them with **List Records** of `sys_import_set_row`. One row with its result: **Import Row**. With **Correlation Column** the step is safe to repeat. Example: `stagingTable` = `imp_user`, `rows` = `[{"user_id": "beth.anglin"}]`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ImportSetAPI.html)',
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
    correlationColumn: { propDefinition: [servicenow, "correlationColumn"] },
  },
  async run({ $ }) {
    const table = requiredText(this.stagingTable, "Staging Table", "imp_user");
    const rows = objectList(this.rows, "Rows", '[{"user_id": "beth.anglin"}]');
    const client = this.servicenow.client($);
    // ServiceNow drops a column that the staging table lacks, and imports the rest.
    await storedValuesFor(
      client,
      table,
      rows.flatMap((row) => Object.keys(row)),
      { label: "Rows", asDisplayed: true, byLabelToo: true },
    );
    const result = this.correlationColumn
      ? await importRowsWithKey(client, table, this.correlationColumn, rows as never)
      : { ...(await importRows(client, table, rows as never)), sent: rows.length, existed: 0 };
    const { sent, existed } = result;
    const before = existed > 0 ? `; ${existed} had been imported before or came twice` : "";
    report(
      $,
      `Put ${count(sent, "row")} into ${table}${sent > 0 ? "; the transforms run now" : ""}${before}`,
      existed === 0 ? await importWarnings(client, table, result.importSetId, rows) : [],
    );
    return result;
  },
});
