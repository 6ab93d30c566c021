import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { furtherValues } from "../common/record-values";
import { atMost, isTrue, requiredObject, requiredText } from "../common/input";
import { bulkPlan, bulkSummary, bulkTargets, updateMany } from "../common/bulk";
import { report } from "../common/report";
import { storedValues } from "../common/stored-values";

export default defineAction({
  key: "servicenow-bulk-update-records",
  name: "Bulk Update Records",
  description:
    'Sets the same fields in every record of a table that meets a query, and reports on each. Says how many will change, and refuses more than **Max Records**. Conditions that ServiceNow would ignore are refused, since it would update everything. Try it with **Dry Run** first. Example: `table` = `incident`, `query` = `active=true^assigned_to=`, `updateFields` = `{"urgency": "2"}`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"], reloadProps: true },
    query: { propDefinition: [servicenow, "query", ({ table }) => ({ table })], optional: false },
    updateFields: {
      type: "object",
      label: "Update Fields",
      description: 'The fields to set and their values, such as `{"urgency": "2"}`.',
      optional: true,
    },
    fieldNames: { propDefinition: [servicenow, "fieldNames", ({ table }) => ({ table })] },
    maxRecords: {
      propDefinition: [servicenow, "maximum"],
      label: "Max Records",
      description:
        "How many records may be changed at most. The step refuses, and changes nothing, when more records meet the query.",
    },
    dryRun: { propDefinition: [servicenow, "dryRun"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, this.table, this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const given = requiredObject(furtherValues(this, this.updateFields, "Update Fields"), "Update Fields");
    const targets = await bulkTargets(client, table, this.query, atMost(this.maxRecords, 100));
    const rule = { label: "Update Fields", mayBeSubclass: true };
    const values = await storedValues(client, table, given, Object.keys(given), rule);
    const dryRun = isTrue(this.dryRun);
    if (!dryRun) $.export("$summary", bulkPlan(targets, table, "updated"));
    const { report: entries, warnings } = await updateMany(client, table, targets.records, values, dryRun);
    report($, bulkSummary(entries, "updated", table, dryRun, targets.total), warnings);
    return entries;
  },
});
