import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredObject, requiredText } from "../common/input";
import { storedValuesFor } from "../common/stored-values";
import { importRowWithKey } from "../../common/apis/import-set/import-with-key";
import { importRow } from "../../common/apis/import-set/import-set";

export default defineAction({
  key: "servicenow-import-row",
  name: "Import Row",
  description:
    'Puts one row into an import set table, waits for its transform maps and returns what they made of it. Use it for staging tables that administrators of the instance made; to write a record directly use **Create Table Record**. A failed transform is an error although ServiceNow reports it inside a success. Many rows: **Import Rows**. With **Correlation Column** the step is safe to repeat. Example: `stagingTable` = `imp_user`, `row` = `{"user_id": "beth.anglin"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ImportSetAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    stagingTable: { propDefinition: [servicenow, "stagingTable"] },
    row: {
      type: "object",
      label: "Row",
      description:
        'The columns of the row, such as `{"user_id": "beth.anglin", "email": "beth@example.com"}`.',
    },
    correlationColumn: { propDefinition: [servicenow, "correlationColumn"] },
  },
  async run({ $ }) {
    const table = requiredText(this.stagingTable, "Staging Table", "imp_user");
    const row = requiredObject(this.row, "Row");
    const client = this.servicenow.client($);
    // ServiceNow drops a column that the staging table lacks, and imports the rest.
    await storedValuesFor(client, table, Object.keys(row), {
      label: "Row",
      asDisplayed: true,
      byLabelToo: true,
    });
    const { existed, ...result } = this.correlationColumn
      ? await importRowWithKey(client, table, this.correlationColumn, row as never)
      : { existed: false, ...(await importRow(client, table, row as never)) };
    const made = result.results.map(({ status, table: target }) => `${status} in ${target}`).join(", ");
    $.export(
      "$summary",
      `${existed ? "Found the row imported before" : "Imported the row"} (${result.importSet}): ${made || "no transform map ran"}`,
    );
    return result;
  },
});
