import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, isTrue, requiredText } from "../common/input";
import { deleteMany, bulkSummary, bulkTargets } from "../common/bulk";

export default defineAction({
  key: "servicenow-bulk-delete-records",
  name: "Bulk Delete Records",
  description:
    "Deletes every record of a table that meets a query, up to a maximum, and reports on each. Only says what it would do unless **Dry Run** is `false`. Conditions on columns that do not exist are refused. Example: `table` = `u_import_row`, `query` = `sys_created_on<2026-01-01`, `dryRun` = `false`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    query: { propDefinition: [servicenow, "query"], optional: false },
    maximum: { propDefinition: [servicenow, "maximum"] },
    dryRun: {
      propDefinition: [servicenow, "dryRun"],
      default: true,
      description: "Only say what would be deleted, which is what happens unless this is `false`.",
    },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const dryRun = isTrue(this.dryRun, true);
    const targets = await bulkTargets(client, table, this.query, atMost(this.maximum, 100));
    const report = await deleteMany(client, table, targets, dryRun);
    $.export("$summary", bulkSummary(report, "deleted", table, dryRun));
    return report;
  },
});
