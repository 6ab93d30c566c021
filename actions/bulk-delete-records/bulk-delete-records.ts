import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, isTrue, requiredText } from "../common/input";
import { bulkPlan, bulkSummary, bulkTargets, deleteMany } from "../common/bulk";

export default defineAction({
  key: "servicenow-bulk-delete-records",
  name: "Bulk Delete Records",
  description:
    "Deletes every record of a table that meets a query, and reports on each. Only says what it would do, and how many records that are, unless **Dry Run** is `false`. Refuses more than **Max Records**, and conditions that ServiceNow would ignore. Example: `table` = `u_import_row`, `query` = `sys_created_on<2026-01-01`, `dryRun` = `false`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    query: { propDefinition: [servicenow, "query", ({ table }) => ({ table })], optional: false },
    maxRecords: {
      propDefinition: [servicenow, "maximum"],
      label: "Max Records",
      description:
        "How many records may be deleted at most. The step refuses, and changes nothing, when more records meet the query.",
    },
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
    const targets = await bulkTargets(client, table, this.query, atMost(this.maxRecords, 100));
    if (!dryRun) $.export("$summary", bulkPlan(targets, table, "deleted"));
    const report = await deleteMany(client, table, targets.records, dryRun);
    $.export("$summary", bulkSummary(report, "deleted", table, dryRun, targets.total));
    return report;
  },
});
