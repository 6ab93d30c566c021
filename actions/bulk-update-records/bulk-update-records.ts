import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { requiredObject, requiredText } from "../common/input";
import { bulkSummary, bulkTargets, bulkUpdate } from "../common/bulk";

export default defineAction({
  key: "servicenow-bulk-update-records",
  name: "Bulk Update Records",
  description:
    'Sets the same fields in every record of a table that meets a query, up to a maximum, and reports on each. Conditions on columns that do not exist are refused, since ServiceNow would ignore them and update everything. Try it with **Dry Run** first. Example: `table` = `incident`, `query` = `active=true^assigned_to=`, `updateFields` = `{"urgency": "2"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    query: { propDefinition: [servicenow, "query"], optional: false },
    updateFields: {
      type: "object",
      label: "Update Fields",
      description: 'The fields to set and their values, such as `{"urgency": "2"}`.',
    },
    maximum: { propDefinition: [servicenow, "maximum"] },
    dryRun: { propDefinition: [servicenow, "dryRun"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const values = requiredObject(this.updateFields, "Update Fields");
    const targets = await bulkTargets(client, table, this.query, this.maximum ?? 100);
    const report = await bulkUpdate(client, table, targets, values, this.dryRun ?? false);
    $.export("$summary", bulkSummary(report, "updated", table, this.dryRun ?? false));
    return report;
  },
});
