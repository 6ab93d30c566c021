import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalText, requiredText, textList } from "../common/input";
import { count } from "../common/text";
import { checkQuery } from "../common/columns";
import { aggregateColumns, readAggregates } from "../common/aggregates";

export default defineAction({
  key: "servicenow-aggregate-records",
  name: "Aggregate Records",
  description:
    'Counts records and computes averages, minima, maxima and sums, over a whole table or by groups, without reading rows. Example: `table` = `incident`, `query` = `active=true`, `groupBy` = `["assignment_group", "priority"]`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_AggregateAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    query: { propDefinition: [servicenow, "query", ({ table }) => ({ table })] },
    groupBy: {
      type: "string[]",
      label: "Group By",
      description: "The fields to group by, such as `assignment_group`. Everything in one if empty.",
      optional: true,
    },
    avgFields: { propDefinition: [servicenow, "avgFields", ({ table }) => ({ table })] },
    minFields: { propDefinition: [servicenow, "minFields", ({ table }) => ({ table })] },
    maxFields: { propDefinition: [servicenow, "maxFields", ({ table }) => ({ table })] },
    sumFields: { propDefinition: [servicenow, "sumFields", ({ table }) => ({ table })] },
    havingQuery: { propDefinition: [servicenow, "havingQuery"] },
    orderBy: { propDefinition: [servicenow, "aggregateOrder"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const groupBy = textList(this.groupBy);
    const props = { ...this, groupBy };
    await checkQuery(client, table, optionalText(this.query, "Query"), aggregateColumns(props));
    const rows = await readAggregates(client, table, props);
    $.export(
      "$summary",
      groupBy.length > 0
        ? `Retrieved ${count(rows.length, "group")} of table ${table}`
        : `Counted ${count(rows[0]?.count ?? 0, "record")} of table ${table}`,
    );
    return rows;
  },
});
