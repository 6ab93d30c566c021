import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { isTrue, optionalText, requiredText } from "../common/input";
import { count } from "../common/text";
import { describeTable } from "../common/describe";

export default defineAction({
  key: "servicenow-describe-table",
  name: "Describe Table",
  description:
    "Returns the columns of a table, inherited ones included: name, label, type, reference, mandatory, choices. Use it before **Create Table Record** or to write a query. Example: `table` = `incident`, `search` = `assign`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    search: {
      type: "string",
      label: "Search",
      description: "Only columns whose name or label contains this text, such as `assign`.",
      optional: true,
    },
    includeChoices: {
      type: "boolean",
      label: "Include Choices",
      description: "Also the choices of each column, with one request for each.",
      optional: true,
    },
  },
  async run({ $ }) {
    const table = requiredText(this.table, "Table", "incident");
    const search = optionalText(this.search, "Search");
    const found = await describeTable(this.servicenow.client($), table, search, isTrue(this.includeChoices));
    $.export(
      "$summary",
      `Table ${table} has ${count(found.columns.length, "column")}${search ? ` matching "${search}"` : ""}${found.complete ? "" : ", and may have more that the account cannot see"}`,
    );
    return found;
  },
});
