import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalText, requiredText } from "../common/input";
import { count } from "../common/text";
import { checkQuery } from "../common/columns";
import { aggregateColumns, rawGroups } from "../common/aggregates";

export default defineAction({
  key: "servicenow-get-record-counts-by-field",
  name: "Get Record Counts by Field",
  description:
    "Counts the records of a table by the values of a field, optionally with averages, minima, maxima and sums, computed by the instance. Several fields or none: **Aggregate Records**. Example: `table` = `incident`, `groupByField` = `priority`, `query` = `active=true`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_AggregateAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    groupByField: {
      type: "string",
      label: "Group By Field",
      description: "The field whose values are counted, such as `priority` or `assignment_group`.",
    },
    count: {
      type: "boolean",
      label: "Count",
      description: "Count the records of each group.",
      optional: true,
      default: true,
    },
    query: { propDefinition: [servicenow, "query", ({ table }) => ({ table })] },
    avgFields: { propDefinition: [servicenow, "avgFields", ({ table }) => ({ table })] },
    minFields: { propDefinition: [servicenow, "minFields", ({ table }) => ({ table })] },
    maxFields: { propDefinition: [servicenow, "maxFields", ({ table }) => ({ table })] },
    sumFields: { propDefinition: [servicenow, "sumFields", ({ table }) => ({ table })] },
    havingQuery: { propDefinition: [servicenow, "havingQuery"] },
    responseDataFormat: { propDefinition: [servicenow, "responseDataFormat"] },
    orderBy: { propDefinition: [servicenow, "aggregateOrder"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const field = requiredText(this.groupByField, "Group By Field", "priority");
    const props = { ...this, groupBy: [field] };
    await checkQuery(client, table, optionalText(this.query, "Query"), aggregateColumns(props));
    const groups = await rawGroups(client, table, props);
    $.export("$summary", `Retrieved ${count(groups.length, "group")} of table ${table} by ${field}`);
    return groups;
  },
});
