import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { isTrue, requiredText } from "../common/input";
import { createMany, bulkSummary, objectList } from "../common/bulk";
import { report } from "../common/report";

export default defineAction({
  key: "servicenow-bulk-create-records",
  name: "Bulk Create Records",
  description:
    'Creates up to 1,000 records in one table and reports on each. One failure does not stop the others, and the report says which to repeat; records with a `correlation_id` are not made twice. Example: `table` = `incident`, `records` = `[{"short_description": "First"}, {"short_description": "Second"}]`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    records: {
      type: "string",
      label: "Records",
      description:
        'A JSON list of the records, each an object of fields, such as `[{"short_description": "First"}]`.',
    },
    dryRun: { propDefinition: [servicenow, "dryRun"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const records = objectList(this.records, "Records", '[{"short_description": "First"}]');
    const dryRun = isTrue(this.dryRun);
    const { report: entries, warnings } = await createMany(client, table, records, dryRun);
    report($, bulkSummary(entries, "created", table, dryRun), warnings);
    return entries;
  },
});
