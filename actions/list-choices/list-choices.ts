import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { checkQuery } from "../common/columns";
import { requiredText } from "../common/input";
import { count } from "../common/text";
import { choiceList } from "../../apps/servicenow/options/choices";

export default defineAction({
  key: "servicenow-list-choices",
  name: "List Choices",
  description:
    "Returns the choices of a column, with value and label, in the order of the form. Use the values in **Create Table Record** and in queries. Example: `table` = `incident`, `column` = `state`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
    column: {
      type: "string",
      label: "Column",
      description: "The column, such as `state`, `priority` or `category`.",
    },
  },
  async run({ $ }) {
    const table = requiredText(this.table, "Table", "incident");
    const column = requiredText(this.column, "Column", "state");
    const client = this.servicenow.client($);
    await checkQuery(client, table, "", [column]);
    const { options: choices, source } = await choiceList(client, table, column);
    $.export(
      "$summary",
      source === "in-use"
        ? `${table}.${column} has no list of choices that the account may see; ${choices.length} values are in use`
        : `${table}.${column} has ${count(choices.length, "choice")} that the account may see`,
    );
    return choices;
  },
});
